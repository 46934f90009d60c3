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

// RUN: %fluxc %s %S/readers-writers.c --model=%model -o %t && %run %t
// SKIP-MODEL: FlowsInTurn: two readers wait for each other
