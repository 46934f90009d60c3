// Flows that wait for each other by the locks of POSIX and C11, with and without a time limit, on either clock: the lock is the flow's
// that has it, and the other one parks.
Roles () => (int role);
Act (int role) => ();

source Roles => Act;

// RUN: %fluxc %s %S/waits-for-locks.c --model=%model -o %t && %run %t %if Processes %{--between-processes%}
// SKIP-MODEL: FlowsInTurn: flows wait for each other
