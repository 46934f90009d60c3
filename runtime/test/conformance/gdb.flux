// A debugger shows where the flows are that are parked, and the server goes on behind that.
// REQUIRES: gdb
Numbers () => (int n);
Wait (int n) => ();

source Numbers => Main;
Main = Wait;

// RUN: %fluxc %s %S/gdb.c --model=%model -o %t
// On one loop all others have parked when the last flow runs.
// RUN: export FLUX_CORES=1
// RUN: %run gdb -nx --batch -x %S/../../../utils/gdb/fibers.py -ex "break AllParked" -ex run -ex flux-fibers -ex continue %t > %t.out 2>&1
// RUN: FileCheck --input-file=%t.out %s
// SKIP-MODEL: !Loops: every flow has a thread, which the debugger shows by itself

// CHECK: Breakpoint 1, AllParked
// CHECK-COUNT-3: InWait (socket=
// CHECK: exited normally
