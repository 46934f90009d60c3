// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// A node that is declared blocking is called by the runtime, which may have a better place for it to block; all the others are
// called directly.

flux.node @Both (a: !flux.c<"int">) -> (b: !flux.c<"int">) blocking
flux.node @Take (a: !flux.c<"int">) -> () blocking
flux.node @Make () -> (b: !flux.c<"int">) blocking
flux.node @Tick () -> () blocking
flux.node @Quick () -> () nonblocking
flux.node @Any () -> ()
flux.source @Make -> @F

// The runtime gets each node in one shape, made once however often the node is called.
// CHECK-LABEL: llvm.func internal @flux.flow.F
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %{{.*}}: i64,
// CHECK: %[[BOTH:.*]] = llvm.mlir.addressof @flux.node.Both
// CHECK: %[[ERROR:.*]] = llvm.call @flux_ir_offload(%[[CX]], %[[BOTH]], %[[IN:.*]], %[[OUT:.*]]) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
// Its error is treated as any.
// CHECK: llvm.icmp "ne" %[[ERROR]]
// CHECK: llvm.call @flux_ir_offload
// CHECK: %[[TAKE:.*]] = llvm.mlir.addressof @flux.node.Take
// CHECK: llvm.call @flux_ir_offload(%[[CX]], %[[TAKE]], %{{.*}}, %{{.*}})
// CHECK: %[[TICK:.*]] = llvm.mlir.addressof @flux.node.Tick
// CHECK: llvm.call @flux_ir_offload(%[[CX]], %[[TICK]], %{{.*}}, %{{.*}})
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
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr) -> i32
// CHECK: %[[MAKE:.*]] = llvm.mlir.addressof @flux.node.Make
// CHECK: llvm.call @flux_ir_offload(%[[CX]], %[[MAKE]], %{{.*}}, %[[INPUT]])
// CHECK-LABEL: llvm.func internal @flux.node.Make(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.call @Make(%[[OUT]]) : (!llvm.ptr) -> i32

// CHECK-NOT: @flux.node.Quick
// CHECK-NOT: @flux.node.Any
