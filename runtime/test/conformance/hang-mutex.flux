// A constraint and a mutex of the program's own, which two flows take in different orders: both hang, and the server says
// so although other flows go on, with the flow that has the mutex.
Once () => (int n);
Tick () => (int n);
HoldConstraint (int n) => ();
HoldMutex (int n) => (int n);
TakeConstraint (int n) => ();
Work (int n) => ();

typedef first IsFirst;

source Once => Main;
source Tick => Work;
Main:[first] = HoldConstraint;
Main:[_] = HoldMutex -> TakeConstraint;
constraint HoldConstraint:{held};
constraint TakeConstraint:{held};

// RUN: %fluxc %s %S/hang-mutex.c --model=%model -o %t && rm -f %t.err && %run %t %t.err --flux-hang-ms=200 2> %t.err
// RUN: FileCheck --input-file=%t.err %s
// REQUIRES: kernel-calls
// SKIP-MODEL: FlowsInTurn: the source never produces the second flow

// CHECK-DAG: flux: hang-mutex: hang: 2 of the flows and 0 of the sources have waited for 200 ms for what only they can do
// CHECK-DAG: flow {{[0-9]+}} of source 'Once', in node 'HoldConstraint' ({{.*}}hang-mutex.flux:5), waits for a mutex of the program, which is held by flow {{[0-9]+}} of source 'Once'; it holds 'held'
// CHECK-DAG: flow {{[0-9]+}} of source 'Once'{{.*}} waits for constraint 'held', which is held by flow {{[0-9]+}} of source 'Once'
