// SIGTERM while flows are in flight: the source stops, a source blocked in a system call comes back, and every flow that
// was begun ends before flux_shutdown() runs; the exit status is 0.
Numbers () => (int n);
Begin (int n) => (int n);
End (int n) => ();

source Numbers => Main;
source Blocked => Main;
Blocked () => (int n);
Main = Begin -> End;

// RUN: %fluxc %s %S/shutdown-drains.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/shutdown-drains.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/shutdown-drains.c --model=process -o %t && %run %t --flux-workers=40
// RUN: %fluxc %s %S/shutdown-drains.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/shutdown-drains.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/shutdown-drains.c --model=percore -o %t && %run %t --flux-cores=3
