// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// The context names the node that runs, for those who watch from another thread, and nobody while code of the program runs that is no
// node: predicates and handlers, and whatever follows the flow or the source.

flux.predicate @hit calls "IsHit"
flux.node @Listen () -> (a: !flux.c<"int">)
flux.node @Serve (a: !flux.c<"int">) -> ()
flux.handler [@Serve] -> "Recover"
flux.source @Listen -> @Page

// CHECK-LABEL: llvm.func internal @flux.flow.Page
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %{{.*}}: i64,
// CHECK: %[[NOBODY:.*]] = llvm.mlir.constant(-1 : i32)
// CHECK-NEXT: llvm.store %[[NOBODY]], %{{.*}} atomic unordered {alignment = 4 : i64, tbaa = [#{{.*}}]} : i32, !llvm.ptr
// CHECK: llvm.call @IsHit
// CHECK: %[[NODE:.*]] = llvm.getelementptr inbounds %[[CX]][24]
// CHECK: %[[SERVE:.*]] = llvm.mlir.constant(1 : i32)
// CHECK-NEXT: llvm.store %[[SERVE]], %[[NODE]] atomic unordered {alignment = 4 : i64, tbaa = [#{{.*}}]} : i32, !llvm.ptr
// CHECK-NEXT: llvm.call @Serve
// CHECK: llvm.call @flux_ir_fail
// CHECK: %[[NOBODY:.*]] = llvm.mlir.constant(-1 : i32)
// CHECK-NEXT: llvm.store %[[NOBODY]], %{{.*}} atomic unordered
// CHECK-NEXT: llvm.call @Recover
flux.flow @Page (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [@hit] {
    flux.yield
  }
  case [_] {
    flux.call @Serve(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}

// CHECK-LABEL: llvm.func internal @flux.poll.0
// CHECK: %[[LISTEN:.*]] = llvm.mlir.constant(0 : i32)
// CHECK-NEXT: llvm.store %[[LISTEN]], %{{.*}} atomic unordered
// CHECK: llvm.call @Listen
// CHECK: %[[NOBODY:.*]] = llvm.mlir.constant(-1 : i32)
// CHECK-NEXT: llvm.store %[[NOBODY]], %{{.*}} atomic unordered
// CHECK-NEXT: %[[STARTS:.*]] = llvm.mlir.constant(0 : i32)
// CHECK-NEXT: llvm.return %[[STARTS]]

// Both ends of a flow.
// CHECK-LABEL: llvm.func internal @flux.run.0
// CHECK: llvm.call @flux.flow.Page
// CHECK-COUNT-2: llvm.mlir.constant(-1 : i32)
