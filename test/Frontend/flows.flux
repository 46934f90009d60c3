// RUN: flux-translate --import-flux %s | FileCheck %s

A (int a) => (int b);
B (int a) => (int b, char c);
C (int a, char b) => ();

// A chain hands each link's outputs to the next.
// CHECK-LABEL: flux.flow @Chain (a: !flux.c<"int">) -> () {
// CHECK-NEXT: ^bb0(%[[IN:.*]]: !flux.c<"int">):
// CHECK-NEXT:   %[[A:.*]] = flux.call @A(%[[IN]])
// CHECK-NEXT:   %[[B:.*]]:2 = flux.call @B(%[[A]])
// CHECK-NEXT:   flux.call @C(%[[B]]#0, %[[B]]#1)
// CHECK-NEXT:   flux.return
Chain = A -> B -> C;

// Parentheses only group; an empty group adds nothing.
// CHECK-LABEL: flux.flow @Grouped
// CHECK:         flux.call @A
// CHECK-NEXT:    flux.call @B
// CHECK-NEXT:    flux.call @C
// CHECK-NEXT:    flux.return
Grouped = ((A) -> () -> (B -> (C)));

// A node may appear many times, a flow runs flows, and either may be declared later.
// CHECK-LABEL: flux.flow @Repeated
// CHECK-COUNT-3: flux.call @A
// CHECK:         flux.call @Later
Repeated = A -> A -> A -> Later;
Later = B -> C;

// Without a signature the fields are called as the ends of the chain call them; with one, as it does.
// CHECK-LABEL: flux.flow @Named (socket: !flux.c<"int">) -> (result: !flux.c<"int">)
Named (int socket) => (int result);
Named = A;

// An empty chain passes on what it gets.
// CHECK-LABEL: flux.flow @Identity
// CHECK-NEXT:  ^bb0(%[[X:.*]]: !flux.c<"int">, %[[Y:.*]]: !flux.c<"char">):
// CHECK-NEXT:    flux.return %[[X]], %[[Y]]
Identity (int x, char y) => (int x, char y);
Identity = ;

// Cases are one flow; both wildcards are the same. The type comes from the first chain that has one.
// CHECK-LABEL: flux.flow @Dispatch (a: !flux.c<"int">) -> (b: !flux.c<"int">)
// CHECK:         %[[RESULT:.*]] = flux.dispatch(%[[IN:.*]] : !flux.c<"int">) -> !flux.c<"int">
// CHECK-NEXT:    case [@odd] {
// CHECK-NEXT:      flux.yield %[[IN]]
// CHECK:         case [@even] {
// CHECK-NEXT:      %[[ONE:.*]] = flux.call @A(%[[IN]])
// CHECK-NEXT:      %[[TWO:.*]] = flux.call @A(%[[ONE]])
// CHECK-NEXT:      flux.yield %[[TWO]]
// CHECK:         case [_] {
// CHECK:         flux.return %[[RESULT]]
Dispatch:[odd] = ;
Dispatch:[even] = A -> A;
// CHECK: flux.predicate @odd calls "IsOdd"
// CHECK: flux.predicate @even calls "IsEven"
typedef odd IsOdd;
typedef even IsEven;
Dispatch:[*] = A;
