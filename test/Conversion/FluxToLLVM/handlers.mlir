// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Handlers: the failing function's own first, the longest way first among them; the input as it was given, and the error.

flux.lock @log program rank 0
flux.node @A (a: !flux.c<"int">) -> ()
flux.node @Tick () -> ()
flux.handler [@A] -> "Always"
flux.handler [@Tick] -> "Bare"
flux.handler [@Inner] -> "OfFlow"
flux.handler [@Outer, @Inner, @A] -> "Deep" under [@log write]

// Entering Outer sets the first bit of the scope.
// CHECK-LABEL: llvm.func internal @flux.flow.Outer
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[SCOPE:.*]]: i64,
// CHECK: %[[BIT:.*]] = llvm.mlir.constant(1 : i64)
// CHECK: %[[INSIDE:.*]] = llvm.or %[[SCOPE]], %[[BIT]]
// CHECK: %[[STATUS:.*]] = llvm.call @flux.flow.Inner(%[[CX]], %[[INSIDE]], %[[IN:.*]], %{{.*}})
// A flow that ended in a handler of its own (1) is done with; one that failed (2) asks for handlers of the flow.
// CHECK: %[[TWO:.*]] = llvm.mlir.constant(2 : i32)
// CHECK: llvm.icmp "eq" %[[STATUS]], %[[TWO]]
// CHECK: %[[ADDRESS:.*]] = llvm.getelementptr inbounds %[[CX]][16]
// CHECK: %[[ERROR:.*]] = llvm.load %[[ADDRESS]] {alignment = 4 : i64} : !llvm.ptr -> i32
// CHECK: llvm.call @OfFlow(%[[IN]], %[[ERROR]]) : (!llvm.ptr, i32) -> ()
// CHECK: llvm.call @flux_ir_handled(%[[CX]])
flux.flow @Outer (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @Inner(%a) : (!flux.c<"int">) -> ()
  flux.return
}

// Entering Inner sets the second bit, if the first is set.
// CHECK-LABEL: llvm.func internal @flux.flow.Inner
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[SCOPE:.*]]: i64,
// CHECK: llvm.and %[[SCOPE]]
// CHECK: llvm.select
// CHECK: %[[HERE:.*]] = llvm.or %[[SCOPE]]
// CHECK: %[[ERROR:.*]] = llvm.call @A(%[[IN:.*]]) : (!llvm.ptr) -> i32
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[FAILED:bb[0-9]+]](%[[ERROR]], %{{.*}} : i32, i32)
// CHECK: llvm.call @Tick() : () -> i32
// CHECK: ^[[FAILED]](%[[WHY:.*]]: i32, %{{.*}}: i32):
// CHECK: llvm.call @flux_ir_fail(%[[CX]], %{{.*}}, %[[WHY]])
// Whether the deep handler applies is a test of its bit.
// CHECK: %[[BIT:.*]] = llvm.mlir.constant(2 : i64)
// CHECK: llvm.and %[[HERE]], %[[BIT]]
// CHECK: llvm.cond_br %{{.*}}, ^[[DEEP:bb[0-9]+]], ^[[OTHER:bb[0-9]+]]
// It runs under its own constraint, after the flow's were released by flux_ir_fail.
// CHECK: ^[[DEEP]]:
// CHECK: llvm.call @flux_ir_acquire(%[[CX]]
// CHECK: llvm.call @Deep(%[[IN]], %[[WHY]])
// CHECK: llvm.call @flux_ir_release(%[[CX]]
// CHECK: llvm.call @flux_ir_handled(%[[CX]])
// CHECK: ^[[OTHER]]:
// CHECK: llvm.call @Always(%[[IN]], %[[WHY]])
// Tick has no input, so its handler takes the error alone.
// CHECK: llvm.call @Bare(%{{.*}}) : (i32) -> ()
flux.flow @Inner (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.call @Tick() : () -> ()
  flux.return
}
