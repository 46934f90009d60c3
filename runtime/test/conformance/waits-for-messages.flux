// Flows that wait for each other by message queues and semaphores of the system, POSIX's and System V's, and for signals that do not come.
Roles () => (int role);
Act (int role) => ();

source Roles => Act;

// RUN: %fluxc %s %S/waits-for-messages.c --model=%model -o %t && %run %t
// SKIP-MODEL: FlowsInTurn: flows wait for each other
