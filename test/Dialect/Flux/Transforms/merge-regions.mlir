// RUN: flux-opt %s --flux-merge-regions --split-input-file --verify-diagnostics | FileCheck %s

// Neighbours that hold the same locks become one region. What only the second used stays inside, what others use comes out.
flux.lock @cache program rank 0
flux.node @Find (key: !flux.c<"int">) -> (at: !flux.c<"int">, size: !flux.c<"long">)
flux.node @Count (at: !flux.c<"int">) -> (n: !flux.c<"int">)
flux.node @Show (size: !flux.c<"long">, n: !flux.c<"int">) -> ()

// CHECK-LABEL: flux.flow @Lookup
// CHECK: %[[BOTH:.*]]:2 = flux.constrained [@cache read] -> !flux.c<"long">, !flux.c<"int"> {
// CHECK-NEXT: %[[FOUND:.*]]:2 = flux.call @Find
// CHECK-NEXT: %[[COUNTED:.*]] = flux.call @Count(%[[FOUND]]#0)
// CHECK-NEXT: flux.yield %[[FOUND]]#1, %[[COUNTED]]
// CHECK-NEXT: }
// CHECK-NEXT: flux.call @Show(%[[BOTH]]#0, %[[BOTH]]#1)
flux.flow @Lookup (key: !flux.c<"int">) -> () {
^bb0(%key: !flux.c<"int">):
  // expected-note @below {{which holds the same}}
  %0:2 = flux.constrained [@cache read] -> !flux.c<"int">, !flux.c<"long"> {
    %2:2 = flux.call @Find(%key) : (!flux.c<"int">) -> (!flux.c<"int">, !flux.c<"long">)
    flux.yield %2#0, %2#1 : !flux.c<"int">, !flux.c<"long">
  }
  // expected-remark @below {{these locks stay held from the region before}}
  %1 = flux.constrained [@cache read] -> !flux.c<"int"> {
    %3 = flux.call @Count(%0#0) : (!flux.c<"int">) -> !flux.c<"int">
    flux.yield %3 : !flux.c<"int">
  }
  flux.call @Show(%0#1, %1) : (!flux.c<"long">, !flux.c<"int">) -> ()
  flux.return
}

// -----

// A row of them becomes one, also in a case and inside another constraint.
flux.lock @a program rank 0
flux.lock @b program rank 1
flux.node @X () -> ()

// CHECK-LABEL: flux.flow @Row
// CHECK: flux.constrained [@a write] {
// CHECK: case [] {
// CHECK-NEXT: flux.constrained [@b write] {
// CHECK-NEXT: flux.call @X
// CHECK-NEXT: flux.call @X
// CHECK-NEXT: flux.call @X
// CHECK-NEXT: flux.yield
// CHECK-NEXT: }
// CHECK-NEXT: flux.yield
flux.flow @Row () -> () {
  flux.constrained [@a write] {
    flux.dispatch()
    case [] {
      // expected-note @below {{which holds the same}}
      flux.constrained [@b write] {
        flux.call @X() : () -> ()
        flux.yield
      }
      // expected-remark @below {{these locks stay held from the region before}}
      flux.constrained [@b write] {
        flux.call @X() : () -> ()
        flux.yield
      }
      // expected-remark @below {{these locks stay held from the region before}}
      flux.constrained [@b write] {
        flux.call @X() : () -> ()
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// Other locks, another mode, or anything in between: they stay apart.
flux.lock @a program rank 0
flux.lock @b program rank 1
flux.node @X () -> ()

// CHECK-LABEL: flux.flow @Apart
// CHECK-COUNT-5: flux.constrained
flux.flow @Apart () -> () {
  flux.constrained [@a write] {
    flux.call @X() : () -> ()
    flux.yield
  }
  flux.constrained [@a read] {
    flux.call @X() : () -> ()
    flux.yield
  }
  flux.constrained [@a read, @b read] {
    flux.call @X() : () -> ()
    flux.yield
  }
  flux.constrained [@b read] {
    flux.call @X() : () -> ()
    flux.yield
  }
  flux.call @X() : () -> ()
  flux.constrained [@b read] {
    flux.call @X() : () -> ()
    flux.yield
  }
  flux.return
}
