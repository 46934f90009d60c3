// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=sped 2>/dev/null | FileCheck %s
// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=percore 2>/dev/null | FileCheck %s
// RUN: flux-opt %s --split-input-file --flux-elide-locks=model=pool 2>/dev/null | FileCheck %s --check-prefix=POOL
// POOL-NOT: guarded

// What was inferred never to block is guarded where locks are missing for that reason, so that an error costs speed alone.

// CHECK: module @guards
module @guards {
flux.lock @gone session rank 0
flux.lock @kept session rank 1
flux.lock @repair session rank 2
flux.node @Listen () -> ()
// In a region, in a flow that is called there, and in a region whose lock stays: others may wait for it, or not, for that reason.
// CHECK: flux.node @Inside () -> () {{.*}}guarded
flux.node @Inside () -> () {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK: flux.node @Called {{.*}}guarded
flux.node @Called (a: !flux.c<"int">) -> () {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK: flux.node @BesidesKept () -> () {{.*}}guarded
flux.node @BesidesKept () -> () {blocks = #flux.blocks<never, "none of its calls does">}
// Under no lock a function may wait as it likes, one that may block does so anyway, as what the model runs, and a promise has a guard
// of its own.
// CHECK-NOT: guarded
flux.node @Outside () -> () {blocks = #flux.blocks<never, "none of its calls does">}
flux.node @Blocks () -> () {blocks = #flux.blocks<may, "it calls 'read'">}
flux.node @Promised () -> () nonblocking {blocks = #flux.blocks<never, "it is declared nonblocking">}
flux.node @ByModel () -> () {blocks = #flux.blocks<never, "none of its calls does">, by_model}
// CHECK: flux.predicate @small calls "IsSmall" {{.*}}guarded
flux.predicate @small calls "IsSmall" {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK-NOT: guarded
flux.predicate @late calls "IsLate" {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK: flux.handler [@Inside] -> "Repair" {{.*}}guarded
flux.handler [@Inside] -> "Repair" under [@repair write] {blocks = #flux.blocks<never, "none of its calls does">}
// CHECK-NOT: guarded
flux.handler [@Outside] -> "Log" {blocks = #flux.blocks<never, "none of its calls does">}
flux.flow @Choose (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [@small] {
    flux.call @Called(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  case [_] {
    flux.yield
  }
  flux.return
}
flux.flow @Main (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.constrained [@gone write] {
    flux.call @Inside() : () -> ()
    flux.call @Promised() : () -> ()
    flux.call @Choose(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.constrained [@kept write] {
    flux.call @Blocks() : () -> ()
    flux.call @BesidesKept() : () -> ()
    flux.call @ByModel() : () -> ()
    flux.yield
  }
  flux.dispatch(%a : !flux.c<"int">)
  case [@late] {
    flux.call @Outside() : () -> ()
    flux.yield
  }
  case [_] {
    flux.yield
  }
  flux.return
}
flux.source @Produce -> @Main session "SessionOf"
flux.node @Produce () -> (a: !flux.c<"int">)
}

// -----

// Where every lock stays, there is nothing to guard.
// CHECK: module @keeps
// CHECK-NOT: guarded
module @keeps {
flux.lock @kept session rank 0
flux.node @Produce () -> ()
flux.node @Inside () -> () {blocks = #flux.blocks<never, "none of its calls does">}
flux.node @Blocks () -> () {blocks = #flux.blocks<may, "it calls 'read'">}
flux.flow @Main () -> () {
  flux.constrained [@kept write] {
    flux.call @Inside() : () -> ()
    flux.call @Blocks() : () -> ()
    flux.yield
  }
  flux.return
}
flux.source @Produce -> @Main session "SessionOf"
}
