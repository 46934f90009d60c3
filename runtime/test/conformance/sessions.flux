// A session constraint keeps flows of one session apart and lets those of different sessions run together; nodes learn
// their session from flux_session().
Numbers () => (int n);
Enter (int n) => (int n);
Leave (int n) => ();

source Numbers { session: SessionOf } => Main;
Main = Enter -> Leave;

constraint Main:{state(session)};

// RUN: %fluxc %s %S/sessions.c --model=%model -o %t && %run %t
// SKIP-MODEL: FlowsInTurn: flows of two sessions wait for each other
