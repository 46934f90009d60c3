// Flows that wait for each other by descriptors of many kinds and by several calls: what one flow reads the other writes, and of locks of
// a file one is the other's.
Roles () => (int role);
Act (int role) => ();

source Roles => Act;

// RUN: %fluxc %s %S/waits-for-descriptors.c --model=%model -o %t && rm -rf %t.dir && mkdir %t.dir && %run %t %t.dir
// SKIP-MODEL: FlowsInTurn: flows wait for each other
