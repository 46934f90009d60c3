// What a flow owns ends once, when the flow has ended, however it does: well, with an error that a handler takes, with one
// that none does, as a source that starts no flow; in the opposite order, behind the last node, without constraints.
Numbers () => (int n, Session *session);
Check (int n, Session *session) => (int n, Session *session);
Wait (int n, Session *session) => (int n, Session *session);
Last (int n, Session *session) => ();

source Numbers => Main;
Main = Check -> Wait -> Last;
constraint Main:{held};
handle error Wait => Excuse;
blocking Wait;

// RUN: %fluxc %s %S/owned.c --model=%model -o %t && %run %t
