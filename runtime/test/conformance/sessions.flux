// A session constraint keeps flows of one session apart and lets those of different sessions run together; nodes learn
// their session from flux_session().
Numbers () => (int n);
Enter (int n) => (int n);
Leave (int n) => ();

source Numbers { session: SessionOf } => Main;
Main = Enter -> Leave;

constraint Main:{state(session)};

// RUN: %fluxc %s %S/sessions.c --model=thread -o %t && %run %t
// RUN: %fluxc %s %S/sessions.c --model=pool -o %t && %run %t
// RUN: %fluxc %s %S/sessions.c --model=process -o %t && %run %t
// RUN: %fluxc %s %S/sessions.c --model=sped -o %t && %run %t
// RUN: %fluxc %s %S/sessions.c --model=amped -o %t && %run %t
// RUN: %fluxc %s %S/sessions.c --model=percore -o %t && %run %t --flux-cores=3
