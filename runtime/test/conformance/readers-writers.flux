// Readers of a constraint run together, a writer runs alone.
Numbers () => (int n);
Read (int n) => ();
Write (int n) => ();

typedef writing IsWriting;

source Numbers => Main;
Main:[writing] = Write;
Main:[_] = Read;

constraint Read:{table?};
constraint Write:{table!};

// RUN: %fluxc %s %S/readers-writers.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/readers-writers.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/readers-writers.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/readers-writers.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/readers-writers.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/readers-writers.c --model=percore -o %t && %run %t --flux-cores=3
