// What fluxc has found never to block may do so all the same: here a library is loaded in front of libc whose rand() waits. The
// constraints that are missing for that reason hold even so, around nodes, predicates and handlers; each is named in the log, once.
Numbers () => (int n);
Arrive (int n) => (int n);
Enter (int n) => (int n);
Draw (int n) => (int n);
Leave (int n) => ();
Fail (int n) => ();
typedef drawn IsDrawn;

source Numbers {session: SessionOf} => Flow;
Flow = Arrive -> Inside;
Inside = Enter -> Draw -> Choose;
Choose:[drawn] = Leave;
Choose:[_] = Fail;
handle error Fail => Repair;
constraint Inside:{data(session)};
constraint Repair:{repair(session)};

// REQUIRES: preload, preloaded
// SKIP-MODEL: !Loops: constraints are removed only where flows run on event loops
// RUN: cc -shared -fPIC %S/Inputs/slow-rand.c -o %t.so
// RUN: %fluxc %s %S/guard.c --model=%model -v -o %t 2>&1 | FileCheck %s --check-prefix=GONE
// GONE-DAG: remark: lock 'data' is removed: no flow can park while it holds it
// GONE-DAG: remark: lock 'repair' is removed: no flow can park while it holds it
// RUN: %run %t 2>&1 | FileCheck %s --check-prefix=NOTHING --allow-empty
// NOTHING-NOT: {{.}}
// RUN: LD_PRELOAD=%t.so %run %t 2>&1 | FileCheck %s
// CHECK-DAG: node 'Draw' ({{.*}}guard.flux:[[#]]) was taken not to block, but waits in '{{u|nano}}sleep', and the event loop with it: please report this fault of fluxc
// CHECK-DAG: predicate 'IsDrawn' ({{.*}}guard.flux:[[#]]) was taken not to block, but waits in
// CHECK-DAG: handler 'Repair' ({{.*}}guard.flux:[[#]]) was taken not to block, but waits in
// CHECK-NOT: was taken

// Where nothing is fused the same functions are named.
// RUN: %fluxc %s %S/guard.c --model=%model --no-fuse -o %t && LD_PRELOAD=%t.so %run %t 2>&1 | FileCheck %s

// In a build without constraints and without the guard the same checks notice it.
// RUN: %flux-opt %s --flux-check --flux-elide-locks=force -o %t.mlir
// RUN: %fluxc %t.mlir %S/guard.c --model=%model -o %t && env LD_PRELOAD=%t.so not %run %t 2>&1 | FileCheck %s --check-prefix=BROKEN
// BROKEN: not so
