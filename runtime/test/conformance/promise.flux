// A node that is declared nonblocking and waits all the same is caught where the model can see it, with its name and the call. A
// server shows it once, and its constraints hold even so; a debug build ends there.
Numbers () => (int n);
Enter (int n) => (int n);
Wait (int n) => (int n);
Leave (int n) => (int n);
Read (int n) => (int n);
Open (int n) => (int n);
Reap (int n) => (int n);
Again (int n) => ();

source Numbers => Flow;
Flow = Inside -> Read -> Open -> Reap -> Again;
Inside = Enter -> Wait -> Leave;
constraint Inside:{data};
nonblocking Enter, Wait, Leave, Read, Open, Reap;

// RUN: %fluxc %s %S/promise.c --model=%model -o %t 2> %t.said && %run %t 2> %t.log
// RUN: %if Loops %{FileCheck %s --check-prefix=WARNING < %t.said%}
// RUN: FileCheck %s --check-prefixes=%if Loops %{CHECK%} %else %{NOTHING%}%if Helpers %{,HELPED%} --allow-empty < %t.log
// WARNING-DAG: promise.flux:5:1: warning: node 'Wait' is declared nonblocking, but it calls 'usleep' (promise.c:[[#]])
// WARNING-DAG: promise.flux:7:1: warning: node 'Read' is declared nonblocking, but it calls 'read' (promise.c:[[#]])
// CHECK-DAG: flux: promise: node 'Wait' ({{.*}}promise.flux:5) is declared nonblocking, but waits in '{{u|nano}}sleep'
// CHECK-DAG: flux: promise: node 'Read' ({{.*}}promise.flux:7) is declared nonblocking, but waits in 'read'
// Where helpers wait for the disk, a flow is parked meanwhile.
// HELPED-DAG: flux: promise: node 'Open' ({{.*}}promise.flux:8) is declared nonblocking, but waits in 'open'
// CHECK-DAG: flux: promise: node 'Reap' ({{.*}}promise.flux:9) is declared nonblocking, but waits in 'waitpid'
// CHECK-NOT: nonblocking
// NOTHING-NOT: nonblocking

// RUN: %if Loops %{%fluxc %s %S/promise.c --model=%model -O0 -o %t 2>/dev/null && not --crash %run %t 2>&1 | FileCheck %s --check-prefix=DEBUG%}
// DEBUG: flux: promise: node 'Wait' ({{.*}}promise.flux:5) is declared nonblocking, but waits in '{{u|nano}}sleep'
// DEBUG-NOT: nonblocking
