// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Predicates and handlers that are guarded are named while they run, as nodes are, by indices behind those of nodes and flows. Then
// one that is not says so, too, since another may have run before it.

flux.predicate @hit calls "IsHit" {guarded}
flux.predicate @late calls "IsLate"
flux.node @Listen () -> (a: !flux.c<"int">)
flux.node @Serve (a: !flux.c<"int">) -> () {guarded}
flux.handler [@Serve] -> "Recover" {guarded}
flux.source @Listen -> @Page

// CHECK-LABEL: llvm.func internal @flux.flow.Page
// CHECK: %[[HIT:.*]] = llvm.mlir.constant(3 : i32)
// CHECK-NEXT: llvm.store %[[HIT]], %{{.*}} atomic unordered
// CHECK-NEXT: llvm.call @IsHit
// CHECK: %[[NOBODY:.*]] = llvm.mlir.constant(-1 : i32)
// CHECK-NEXT: llvm.store %[[NOBODY]], %{{.*}} atomic unordered
// CHECK-NEXT: llvm.call @IsLate
// Counters of stretches come behind those of three functions and two that are guarded, of 16 bytes each.
// CHECK: llvm.getelementptr inbounds %{{.*}}[80]
// CHECK: llvm.call @Serve
// CHECK: llvm.call @flux_ir_fail
// CHECK: %[[RECOVER:.*]] = llvm.mlir.constant(4 : i32)
// CHECK-NEXT: llvm.store %[[RECOVER]], %{{.*}} atomic unordered
// CHECK-NEXT: llvm.call @Recover
flux.flow @Page (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [@hit] {
    flux.yield
  }
  case [@late] {
    flux.yield
  }
  case [_] {
    flux.call @Serve(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}

// The names are those of the C functions.
// CHECK-DAG: llvm.mlir.global private constant @flux.string.{{[0-9]+}}("IsHit\00")
// CHECK-DAG: llvm.mlir.global private constant @flux.string.{{[0-9]+}}("Recover\00")
