// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// One counter for the calls in the body of a flow and one for those of each case; a failure takes back what it keeps from
// running. Nodes A, B, C, D are functions 0 to 3, the flows Work, Inner, Choose 4 to 6.
flux.predicate @hit calls "IsHit"
flux.predicate @late calls "IsLate"
flux.node @A () -> ()
flux.node @B () -> ()
flux.node @C (n: !flux.c<"int">) -> ()
flux.node @D () -> ()

// Work: A, Inner, B. Inner: D. Choose: A and, behind the dispatch, D; in its first case B and C; the second case is empty.
// The counters stand behind those of 7 functions, 16 bytes each.

// CHECK-LABEL: llvm.func internal @flux.flow.Work
// CHECK: llvm.getelementptr inbounds %{{.*}}[112] : (!llvm.ptr) -> !llvm.ptr, i8
// If A fails, Inner and B are taken back, from place 1 on.
// CHECK: %[[INNER:.*]] = llvm.mlir.constant(1 : i32)
// CHECK: llvm.call @A
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[A:bb[0-9]+]](%{{.*}}, %[[INNER]] : i32, i32)
// CHECK-NOT: atomic unordered {{.*}} : i64
// CHECK: llvm.call @flux.flow.Inner
// CHECK: %[[B:.*]] = llvm.mlir.constant(2 : i32)
// CHECK: llvm.cond_br %{{.*}} weights([2000, 1]), ^{{bb[0-9]+}}, ^[[FLOW:bb[0-9]+]](%{{.*}}, %[[B]] : i32, i32)
// CHECK: ^[[A]](%{{.*}}: i32, %[[REST:.*]]: i32):
// CHECK: llvm.call @flux_ir_fail
// CHECK-NEXT: llvm.call @flux_ir_skip(%{{.*}}, %[[REST]])
// CHECK: llvm.call @B
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[LAST:bb[0-9]+]](%{{[0-9]+}} : i32)
// CHECK: ^[[FLOW]](%[[STATUS:.*]]: i32, %[[REST:.*]]: i32):
// CHECK-NEXT: llvm.call @flux_ir_skip(%{{.*}}, %[[REST]])
// CHECK-NEXT: llvm.br ^{{bb[0-9]+}}(%[[STATUS]] : i32)
flux.flow @Work () -> () {
  flux.call @A() : () -> ()
  flux.call @Inner() : () -> ()
  flux.call @B() : () -> ()
  flux.return
}

flux.flow @Inner () -> () {
  flux.call @D() : () -> ()
  flux.return
}

// CHECK-LABEL: llvm.func internal @flux.flow.Choose
// CHECK: llvm.getelementptr inbounds %{{.*}}[128]
// CHECK: llvm.call @IsHit
// CHECK: llvm.getelementptr inbounds %{{.*}}[136]
// CHECK: llvm.mlir.constant(10 : i32)
// CHECK: llvm.call @B
// Behind C comes what is behind the dispatch.
// CHECK: llvm.mlir.constant(7 : i32)
// CHECK: llvm.call @C
// No case matches: D does not run.
// CHECK: llvm.call @flux_ir_fail
// CHECK: %[[D:.*]] = llvm.mlir.constant(7 : i32)
// CHECK-NEXT: llvm.call @flux_ir_skip(%{{.*}}, %[[D]])
flux.flow @Choose (n: !flux.c<"int">) -> () {
^bb0(%n: !flux.c<"int">):
  flux.call @A() : () -> ()
  flux.dispatch(%n : !flux.c<"int">)
  case [@hit] {
    flux.call @B() : () -> ()
    flux.call @C(%n) : (!flux.c<"int">) -> ()
    flux.yield
  }
  case [@late] {
    flux.yield
  }
  flux.call @D() : () -> ()
  flux.return
}

// CHECK: llvm.mlir.global private constant @flux.stretches(dense<[0, 4, 6, 9]> : tensor<4xi32>)
// CHECK: llvm.mlir.global private constant @flux.calls(dense<[0, 5, 1, -2147483648, 3, -2147483648, 0, 3, -2147483648, 1, 2, -8, -8]> : tensor<13xi32>)
