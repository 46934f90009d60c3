// A node that returns an error ends its flow: what follows does not run, the node's handler gets the node's input and the
// error, and every constraint is released by then.
Numbers () => (int n);
Double (int n) => (int twice);
Fail (int twice) => (int twice);
After (int twice) => ();

source Numbers => Main;
Main = Double -> Fail -> After;

constraint Main:{outer};
constraint Fail:{inner};
handle error Fail => Recover;

// RUN: %fluxc %s %S/node-error.c --model=%model -o %t && %run %t
// SKIP-MODEL: FlowsInTurn: a handler waits for the flows that come later
