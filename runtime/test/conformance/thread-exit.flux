// A node that calls pthread_exit() would end a thread that runs flows, with its constraint held: the server ends instead and
// names the node. `process` replaces the worker, and the constraint is free again. The program's own threads may end.
Once () => (int n);
Check (int n) => (int n);
Leave (int n) => ();

source Once => Main;
Main = Check -> Leave;
constraint Main:{held};

// RUN: %fluxc %s %S/thread-exit.c --model=%model -o %t
// RUN: %if !Processes %{not --crash%} %run %t 2>&1 | FileCheck %s
// CHECK: node 'Leave' ({{.*}}thread-exit.flux:5) calls pthread_exit(), which would end a thread of the server; it has to return
