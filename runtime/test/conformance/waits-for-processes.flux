// Flows that wait for processes which they have started, by each of the calls for that: the processes wait for another flow to write.
Roles () => (int role);
Act (int role) => ();

source Roles => Act;

// REQUIRES: forks-of-threads
// RUN: %fluxc %s %S/waits-for-processes.c --model=%model -o %t && %run %t
// SKIP-MODEL: FlowsInTurn: flows wait for each other
