// Cases are tried in the order of the text, the first that matches wins, and a case matches if all of its predicates do,
// which are asked from left to right and not after the first that says no.
Numbers () => (int n, int m);
Both (int n, int m) => (int n, int m, int by);
Second (int n, int m) => (int n, int m, int by);
First (int n, int m) => (int n, int m, int by);
Rest (int n, int m) => (int n, int m, int by);
Check (int n, int m, int by) => ();

typedef small IsSmall;
typedef even IsEven;

source Numbers => Main;
Main = Choose -> Check;
Choose:[small, even] = Both;
Choose:[_, even] = Second;
Choose:[small, _] = First;
Choose:[_, _] = Rest;

// RUN: %fluxc %s %S/dispatch-order.c --model=%model -o %t && %run %t
