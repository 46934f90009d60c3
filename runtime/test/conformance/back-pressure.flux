// A source waits while the model has as many flows as its options allow, and nothing is lost by that.
Numbers () => (int n);
Work (int n) => ();

source Numbers => Main;
Main = Work;

// RUN: %fluxc %s %S/back-pressure.c --model=thread -o %t && %run %t 3 --flux-max-flows=2
// RUN: %fluxc %s %S/back-pressure.c --model=pool -o %t && %run %t 6 --flux-workers=2 --flux-queue=3
// RUN: %fluxc %s %S/back-pressure.c --model=process -o %t && %run %t 2 --flux-workers=2
// RUN: %fluxc %s %S/back-pressure.c --model=sped -o %t && %run %t 3 --flux-max-flows=2
// RUN: %fluxc %s %S/back-pressure.c --model=amped -o %t && %run %t 3 --flux-max-flows=2
// RUN: %fluxc %s %S/back-pressure.c --model=percore -o %t && %run %t --flux-cores=3 3 --flux-max-flows=2
