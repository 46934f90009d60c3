// RUN: flux-opt --flux-assign-lock-order --verify-deadlock-free --split-input-file --verify-diagnostics %s | FileCheck %s

// Remarks point into the .flux file and spell the constraint as one would write it there.

// The constraint of a node, of a flow, and of a dispatch; scopes and readers are spelled.
// CHECK-LABEL: flux.flow @Page
Listen () => (int a);
TakeA (int a) => (int a);
TakeB (int a) => (int a);
End (int a) => ();
typedef p IsP;
source Listen {session: SessionOf} => Page;
Page = Forth -> Forth2 -> Choose -> End;
Forth = TakeB;
Forth2 = TakeB;
// expected-remark @below {{'a' is taken early here, together with 'b': other flows take them in the other order; 'constraint Choose:{b(session), a};' says the same}}
Choose:[p] = ;
// expected-note @below {{it is needed here}}
Choose:[_] = TakeA;
constraint TakeA:{a};
constraint TakeB:{b?(session)};
constraint Forth:{a};
constraint Forth2:{a};
constraint Choose:{b(session)};

// -----

// Hoisting out of a flow that others use, too, leaves them alone: only the flow that inverts takes the lock early.
// CHECK-LABEL: flux.flow @Innocent
// CHECK-NEXT:  ^bb0
// CHECK-NEXT:    flux.call @Inner
// CHECK-LABEL: flux.flow @Inverted
// CHECK-NEXT:  ^bb0
// CHECK-NEXT:    flux.constrained [@b write, @a write]
// CHECK-NEXT:      flux.call @Inner
Listen () => (int a);
TakeA (int a) => (int a);
TakeB (int a) => (int a);
End (int a) => ();
source Listen => Page;
Page = Innocent -> Inverted -> Forth -> Forth2 -> End;
Innocent = Inner;
// expected-remark @below {{'a' is taken early here, together with 'b'}}
Inverted = Inner;
// expected-note @below {{it is needed here}}
Inner = TakeA;
Forth = TakeB;
Forth2 = TakeB;
constraint TakeA:{a};
constraint TakeB:{b};
constraint Forth:{a};
constraint Forth2:{a};
constraint Inverted:{b};

// -----

// A circle that goes through `P` twice, in two sessions, is broken where it does.
// CHECK-LABEL: flux.flow @P (
// CHECK-NEXT:  ^bb0
// CHECK-NEXT:    flux.constrained [@h write, @w write]
Listen () => (int socket);
Work (int socket) => ();
typedef first First; typedef second Second; typedef third Third; typedef fourth Fourth;
source Listen {session: SessionOf} => Page;
Page:[first] = P;
Page:[second] = X;
Page:[third] = W;
Page:[fourth] = Y;
Page:[_] = Z;
// expected-remark @below {{'w' is taken early here, together with 'h': other flows take them in the other order; 'constraint P:{h(session), w(session)};' says the same}}
P = P1;
// expected-note @below {{it is needed here}}
P1 = Work;
X = X1;
X1 = X2;
X2 = Work;
W = W1;
W1 = W2;
W2 = Work;
Y = Y1;
Y1 = Y2;
Y2 = Work;
Z = Z1;
Z1 = Z2;
Z2 = Work;
constraint P:{h(session)};
constraint P1:{w(session)};
constraint X:{m(session)};
constraint X1:{w(session)};
constraint X2:{g1};
constraint W:{m(session)};
constraint W1:{g1};
constraint W2:{h(session)};
constraint Y:{n(session)};
constraint Y1:{w(session)};
constraint Y2:{g2};
constraint Z:{n(session)};
constraint Z1:{g2};
constraint Z2:{h(session)};
