// Flows that read and write the standard streams where that waits, for other flows: a line that somebody has yet to write, and a full
// pipe; and one that prints while another has the stream.
Roles () => (int role);
Act (int role) => ();

source Roles => Main;
Main = Act;

// RUN: %fluxc %s %S/standard-streams.c --model=%model -o %t && FLUX_WORKERS=4 %run %t
// SKIP-MODEL: FlowsInTurn: flows wait for each other
// SKIP-MODEL: Processes: they are flows of one process
