// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Dispatch: predicates from left to right, cases from top to bottom, the first that holds runs.

flux.predicate @small calls "IsSmall"
flux.predicate @late calls "IsLate"
flux.predicate @set calls "IsSet"
flux.predicate @near calls "IsNear"
flux.predicate @here calls "IsHere"
flux.node @A (a: !flux.c<"int">, b: !flux.c<"double">) -> ()

// CHECK-LABEL: llvm.func internal @flux.flow.Choose
// CHECK-SAME: %[[CX:[^:]*]]: !llvm.ptr
// CHECK: %[[SMALL:.*]] = llvm.call @IsSmall(%{{.*}}) : (i32) -> i1
// CHECK: llvm.cond_br %[[SMALL]], ^[[ALSO:bb[0-9]+]], ^[[SECOND:bb[0-9]+]]
// The second case asks again: predicates have no effect.
// CHECK: ^[[SECOND]]:
// CHECK: llvm.call @IsLate(%{{.*}}) : (f64) -> i1
// CHECK: llvm.cond_br %{{.*}}, ^[[MATCH:bb[0-9]+]], ^[[NONE:bb[0-9]+]]
// The rest of the first case.
// CHECK: ^[[ALSO]]:
// CHECK: llvm.call @IsLate(%{{.*}}) : (f64) -> i1
// CHECK: llvm.cond_br %{{.*}}, ^{{bb[0-9]+}}, ^[[SECOND]]
// Where no case holds, the flow ends with FLUX_E_NOMATCH as its own error.
// CHECK: ^[[NONE]]:
// CHECK-DAG: %[[FLOW:.*]] = llvm.mlir.constant(1 : i32)
// CHECK-DAG: %[[NOMATCH:.*]] = llvm.mlir.constant(-1002 : i32)
// CHECK: llvm.call @flux_ir_fail(%[[CX]], %[[FLOW]], %[[NOMATCH]])
// CHECK: ^[[MATCH]]:
// CHECK: llvm.call @A(
flux.flow @Choose (a: !flux.c<"int">, b: !flux.c<"double">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">)
  case [@small, @late] {
    flux.yield
  }
  case [_, @late] {
    flux.call @A(%a, %b) : (!flux.c<"int">, !flux.c<"double">) -> ()
    flux.yield
  }
  flux.return
}

// A catch-all ends the search. Results meet behind the cases.
// CHECK-LABEL: llvm.func internal @flux.flow.CatchAll
// CHECK-NOT: flux_ir_fail
// CHECK: llvm.call @IsSmall
// CHECK: ^[[DONE:bb[0-9]+]](%[[RESULT:.*]]: i32):
// CHECK: llvm.store %[[RESULT]]
// CHECK-COUNT-2: llvm.br ^[[DONE]](%{{.*}} : i32)
// CHECK-NOT: llvm.call
// CHECK: }
flux.flow @CatchAll (a: !flux.c<"int">, b: !flux.c<"double">) -> (c: !flux.c<"int">) {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  %0 = flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">) -> !flux.c<"int">
  case [@small, _] {
    flux.yield %a : !flux.c<"int">
  }
  case [_, _] {
    flux.yield %a : !flux.c<"int">
  }
  flux.return %0 : !flux.c<"int">
}

// Arguments narrower than int are widened by the caller, as the C ABIs of both targets want it; a bool is a bit, as in
// clang's own declaration.
// CHECK-LABEL: llvm.func internal @flux.flow.Narrow
// CHECK-DAG: llvm.func @IsSet(i1 {llvm.zeroext}) -> (i1 {llvm.zeroext})
// CHECK-DAG: llvm.func @IsNear(i16 {llvm.signext}) -> (i1 {llvm.zeroext})
// CHECK-DAG: llvm.func @IsHere(!llvm.ptr) -> (i1 {llvm.zeroext})
// CHECK-DAG: %[[SET:.*]] = llvm.icmp "ne" %{{.*}}, %{{.*}} : i8
// CHECK-DAG: llvm.call @IsSet(%[[SET]]) : (i1) -> i1
flux.flow @Narrow (a: !flux.c<"bool">, b: !flux.c<"short">, c: !flux.c<"char *">) -> () {
^bb0(%a: !flux.c<"bool">, %b: !flux.c<"short">, %c: !flux.c<"char *">):
  flux.dispatch(%a, %b, %c : !flux.c<"bool">, !flux.c<"short">, !flux.c<"char *">)
  case [@set, @near, @here] {
    flux.yield
  }
  case [_, _, _] {
    flux.yield
  }
  flux.return
}
