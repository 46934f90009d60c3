// Flows whose calls on descriptors have a deadline, the socket's own or one of the call, and for which nothing happens: each ends with the
// error that it has everywhere, and others run meanwhile.
Roles () => (int role);
Act (int role) => ();

source Roles => Act;

// RUN: %fluxc %s %S/waits-for-deadlines.c --model=%model -o %t && %run %t
// SKIP-MODEL: FlowsInTurn: flows wait for each other
