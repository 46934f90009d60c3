// A dispatch without a matching case ends the flow with FLUX_E_NOMATCH, which a handler takes like any other error.
Numbers () => (int n);
Even (int n) => (int n);
After (int n) => ();

typedef even IsEven;

source Numbers => Main;
Main = Choose -> After;
Choose:[even] = Even;
handle error Choose => Unmatched;

// RUN: %fluxc %s %S/no-match.c --model=%model -o %t && %run %t
