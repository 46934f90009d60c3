// Flows nest to any depth, a node may appear many times, and a chain may be written with parentheses.
Numbers () => (int n, int sum);
Add (int n, int sum) => (int n, int sum);
Check (int n, int sum) => ();

source Numbers => Main;
Main = Eight -> (Add -> Four) -> Check;
Eight = Four -> Four;
Four = Two -> Two;
Two = Add -> Add;

// RUN: %fluxc %s %S/nested-flows.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/nested-flows.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/nested-flows.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/nested-flows.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/nested-flows.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/nested-flows.c --model=percore -o %t && %run %t --flux-cores=3
