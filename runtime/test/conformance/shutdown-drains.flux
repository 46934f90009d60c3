// SIGTERM while flows are in flight: the source stops, a source blocked in a system call comes back, and every flow that
// was begun ends before flux_shutdown() runs; the exit status is 0.
Numbers () => (int n);
Begin (int n) => (int n);
End (int n) => ();

source Numbers => Main;
source Blocked => Main;
Blocked () => (int n);
Main = Begin -> End;

// RUN: %fluxc %s %S/shutdown-drains.c --model=%model -o %t && FLUX_WORKERS=40 %run %t
// SKIP-MODEL: FlowsInTurn: flows wait for what their source does next
