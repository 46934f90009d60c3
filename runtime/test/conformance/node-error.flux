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

// RUN: %fluxc %s %S/node-error.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/node-error.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/node-error.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/node-error.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/node-error.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/node-error.c --model=percore -o %t && %run %t --flux-cores=3
