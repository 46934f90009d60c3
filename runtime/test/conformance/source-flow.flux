// A source may be a flow itself: its error means no flow this time, its constraints hold while it runs, and what it
// produces starts a flow of the target.
Read () => (int n);
Parse (int n) => (int n, int square);
Check (int n, int square) => ();

source Gather => Check;
Gather = Read -> Parse;

constraint Read:{feed};
constraint Check:{feed};

// RUN: %fluxc %s %S/source-flow.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/source-flow.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/source-flow.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/source-flow.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/source-flow.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/source-flow.c --model=percore -o %t && %run %t --flux-cores=3
