// RUN: flux-translate --import-flux %s | FileCheck %s

// Locks stand first, in the order in which the program mentions them.
// CHECK:      flux.lock @cache program
// CHECK-NEXT: flux.lock @log program
// CHECK-NEXT: flux.lock @peer session
// CHECK-NEXT: flux.lock @table program

A (int a) => (int b);
B (int a) => (int b);

// A constraint of a node is held around each call of it. `!` is the default, and constraints of one function add up.
// CHECK-LABEL: flux.flow @Nodes
// CHECK-NEXT: ^bb0(%[[IN:.*]]: !flux.c<"int">):
// CHECK-NEXT:   %[[A:.*]] = flux.constrained [@cache read, @log write, @peer write] -> !flux.c<"int"> {
// CHECK-NEXT:     %[[INNER:.*]] = flux.call @A(%[[IN]])
// CHECK-NEXT:     flux.yield %[[INNER]]
// CHECK-NEXT:   }
// CHECK-NEXT:   %[[B:.*]] = flux.call @B(%[[A]])
// CHECK-NEXT:   %{{.*}} = flux.constrained [@cache read, @log write, @peer write]
Nodes = A -> B -> A;
constraint A:{cache?, log!};
atomic A:{peer!(session)};

// That of a flow is held around its body, and where it is used nothing is added.
// CHECK-LABEL: flux.flow @Flow
// CHECK-NEXT: ^bb0(%[[IN:.*]]: !flux.c<"int">):
// CHECK-NEXT:   %[[ALL:.*]] = flux.constrained [@table read] -> !flux.c<"int"> {
// CHECK-NEXT:     flux.call @B
// CHECK-NEXT:     %[[LAST:.*]] = flux.call @B
// CHECK-NEXT:     flux.yield %[[LAST]]
// CHECK-NEXT:   }
// CHECK-NEXT:   flux.return %[[ALL]]
Flow = B -> B;
constraint Flow:{table?(program)};
// CHECK-LABEL: flux.flow @User
// CHECK-NEXT: ^bb0(
// CHECK-NEXT:   flux.call @Flow
User = Flow;

// Predicates are asked under the constraint of the flow that dispatches.
// CHECK-LABEL: flux.flow @Cases
// CHECK:         flux.constrained [@log write]
// CHECK-NEXT:      flux.dispatch
typedef odd IsOdd;
Cases:[odd] = B;
Cases:[_] = ;
constraint Cases:{log};
