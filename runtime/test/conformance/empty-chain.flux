// An empty chain passes its input through, in a dispatch and on its own.
Numbers () => (int n, const char *text);
Mark (int n, const char *text) => (int n, const char *text);
Pass (int n, const char *text) => (int n, const char *text);
Check (int n, const char *text) => ();

typedef even IsEven;

source Numbers => Main;
Main = Pass -> Choose -> Check;
Pass:[_, _] = ;
Choose:[even, _] = ;
Choose:[_, _] = Mark;

// RUN: %fluxc %s %S/empty-chain.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/empty-chain.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/empty-chain.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/empty-chain.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/empty-chain.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/empty-chain.c --model=percore -o %t && %run %t --flux-cores=3
