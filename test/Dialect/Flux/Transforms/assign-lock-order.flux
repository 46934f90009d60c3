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
