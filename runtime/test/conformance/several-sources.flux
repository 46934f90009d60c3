// Several sources may feed one target, each at its own pace; the server ends when the last of them has.
Odd () => (int n);
Even () => (int n);
Slow () => (int n);
Count (int n) => ();

source Odd => Main;
source Even => Main;
source Slow => Main;
Main = Count;

// RUN: %fluxc %s %S/several-sources.c --model=%model -o %t && %run %t
