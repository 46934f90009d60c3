// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// A node that is marked so is run by the model, which learns which one it is; all the others are called directly, whatever they
// declare.

flux.node @Both (a: !flux.c<"int">) -> (b: !flux.c<"int">) {by_model}
flux.node @Take (a: !flux.c<"int">) -> () {by_model}
flux.node @Make () -> (b: !flux.c<"int">) {by_model}
flux.node @Tick () -> () {by_model}
flux.node @Quick () -> () blocking
flux.node @Any () -> ()
flux.source @Make -> @F

// The runtime gets each node in one shape, made once however often the node is called.
// CHECK-LABEL: llvm.func internal @flux.flow.F
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %{{.*}}: i64,
// CHECK: %[[BOTH:.*]] = llvm.mlir.addressof @flux.node.Both
// CHECK: %[[INDEX:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: %[[ERROR:.*]] = llvm.call @flux_ir_run(%[[CX]], %[[INDEX]], %[[BOTH]], %[[IN:.*]], %[[OUT:.*]]) : (!llvm.ptr, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
// Its error is treated as any.
// CHECK: llvm.icmp "ne" %[[ERROR]]
// CHECK: llvm.call @flux_ir_run
// CHECK: %[[TAKE:.*]] = llvm.mlir.addressof @flux.node.Take
// CHECK: %[[NODE:.*]] = llvm.mlir.constant(1 : i32)
// CHECK: llvm.call @flux_ir_run(%[[CX]], %[[NODE]], %[[TAKE]], %{{.*}}, %{{.*}})
// CHECK: %[[TICK:.*]] = llvm.mlir.addressof @flux.node.Tick
// CHECK: %[[NODE:.*]] = llvm.mlir.constant(3 : i32)
// CHECK: llvm.call @flux_ir_run(%[[CX]], %[[NODE]], %[[TICK]], %{{.*}}, %{{.*}})
// CHECK: llvm.call @Quick() : () -> i32
// CHECK: llvm.call @Any() : () -> i32
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  %0 = flux.call @Both(%a) : (!flux.c<"int">) -> !flux.c<"int">
  %1 = flux.call @Both(%0) : (!flux.c<"int">) -> !flux.c<"int">
  flux.call @Take(%1) : (!flux.c<"int">) -> ()
  flux.call @Tick() : () -> ()
  flux.call @Quick() : () -> ()
  flux.call @Any() : () -> ()
  flux.return
}

// CHECK-LABEL: llvm.func internal @flux.node.Both(
// CHECK-SAME: %[[IN:.*]]: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr) -> i32
// CHECK: %[[ERROR:.*]] = llvm.call @Both(%[[IN]], %[[OUT]])
// CHECK: llvm.return %[[ERROR]]
// CHECK-LABEL: llvm.func internal @flux.node.Take(
// CHECK-SAME: %[[IN:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK: llvm.call @Take(%[[IN]]) : (!llvm.ptr) -> i32
// CHECK-LABEL: llvm.func internal @flux.node.Tick(
// CHECK: llvm.call @Tick() : () -> i32

// So is a source.
// CHECK-LABEL: llvm.func internal @flux.poll.0
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK: %[[MAKE:.*]] = llvm.mlir.addressof @flux.node.Make
// CHECK: %[[NODE:.*]] = llvm.mlir.constant(2 : i32)
// CHECK: llvm.call @flux_ir_run(%[[CX]], %[[NODE]], %[[MAKE]], %{{.*}}, %[[INPUT]])
// CHECK-LABEL: llvm.func internal @flux.node.Make(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.call @Make(%[[OUT]]) : (!llvm.ptr) -> i32

// CHECK-NOT: @flux.node.Quick
// CHECK-NOT: @flux.node.Any
