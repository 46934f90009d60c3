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

// RUN: %fluxc %s %S/empty-chain.c --model=%model -o %t && %run %t
