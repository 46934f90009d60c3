// A thread that is cancelled in a node passes through the flow, which makes no error of it: the thread ends, and its constraints are
// free. Destructors of the node have run.
Once () => (int n);
Hold (int n) => (int n);
Cancel (int n) => ();

source Once => Main;
Main = Hold -> Cancel;
constraint Main:{held};
handle error Cancel => Caught;

// RUN: %fluxc %s %S/thread-cancelled.cpp --model=%model -o %t && %run %t 2>&1 | FileCheck %s
// RUN: %fluxc %s %S/thread-cancelled.cpp --model=%model --no-fuse -o %t && %run %t 2>&1 | FileCheck %s
// CHECK: destroyed
// CHECK-NOT: caught
// CHECK: free again
// SKIP-MODEL: Loops: the thread that ends runs the other flows, too
// SKIP-MODEL: Processes: the thread that ends calls the source, too
// SKIP-MODEL: FlowsInTurn: the other flow waits for this one
