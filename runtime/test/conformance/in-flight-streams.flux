// Ordinary code that reads lines from a socket by fdopen() and fgets(): a thousand flows wait in it at once, for a server
// that answers none of them before all have asked.
Numbers () => (int n);
Connect (int n) => (int n, int socket);
ReadLines (int n, int socket) => ();

source Numbers => Main;
Main = Connect -> ReadLines;

// RUN: %fluxc %s %S/in-flight-streams.c --model=%model -o %t
// RUN: N=%if Processes || emulated %{50%} %else %{1000%}; FLUX_WORKERS=$N %run %t $N
// SKIP-MODEL: FlowsInTurn: flows are answered together
