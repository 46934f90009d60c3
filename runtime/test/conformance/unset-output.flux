// In a debug build, an output that a node does not set is zero, whatever another node has left in the same place.
Numbers () => (int n, void *left, double ratio);
Set (int n, void *left, double ratio) => (int n, void *left, double ratio);
Forget (int n, void *left, double ratio) => (int n, void *left, double ratio);
Check (int n, void *left, double ratio) => ();

source Numbers => Main;
Main = Set -> Forget -> Check;

// RUN: %fluxc %s %S/unset-output.c --model=%model -O0 -o %t && %run %t
