// Several sources may feed one target, each at its own pace; the server ends when the last of them has.
Odd () => (int n);
Even () => (int n);
Slow () => (int n);
Count (int n) => ();

source Odd => Main;
source Even => Main;
source Slow => Main;
Main = Count;

// RUN: %fluxc %s %S/several-sources.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/several-sources.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/several-sources.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/several-sources.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/several-sources.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/several-sources.c --model=percore -o %t && %run %t --flux-cores=3
