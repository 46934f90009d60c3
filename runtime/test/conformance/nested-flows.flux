// Flows nest to any depth, a node may appear many times, and a chain may be written with parentheses.
Numbers () => (int n, int sum);
Add (int n, int sum) => (int n, int sum);
Check (int n, int sum) => ();

source Numbers => Main;
Main = Eight -> (Add -> Four) -> Check;
Eight = Four -> Four;
Four = Two -> Two;
Two = Add -> Add;

// RUN: %fluxc %s %S/nested-flows.c --model=%model -o %t && %run %t
