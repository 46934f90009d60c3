// A source may be a flow itself: its error means no flow this time, its constraints hold while it runs, and what it
// produces starts a flow of the target.
Read () => (int n);
Parse (int n) => (int n, int square);
Check (int n, int square) => ();

source Gather => Check;
Gather = Read -> Parse;

constraint Read:{feed};
constraint Check:{feed};

// RUN: %fluxc %s %S/source-flow.c --model=%model -o %t && %run %t
