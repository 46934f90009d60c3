// What Flux orders, ThreadSanitizer sees ordered, in a server that is built with it and the runtime that fluxc takes then: regions of
// constraints, those of readers and of sessions, what a node hands to the next one, helpers, and the nodes' own locks, across calls
// that wait. All they share are plain variables.
Numbers () => (int n);
Allocate (int n) => (int n, int *data);
Add (int n, int *data) => (int n, int *data);
Look (int n, int *data) => (int n, int *data);
OfSession (int n, int *data) => (int n, int *data);
Compute (int n, int *data) => (int n, int *data);
Locked (int n, int *data) => (int n, int *data);
Meet (int n, int *data) => (int n, int *data);
Pipe (int n, int *data) => (int n, int *data);
Free (int n, int *data) => ();

source Numbers {session: SessionOf} => Main;
Main = Allocate -> Add -> Look -> OfSession -> Compute -> Locked -> Meet -> Pipe -> Free;

constraint Add:{sum};
constraint Look:{sum?};
constraint OfSession:{own(session)};
blocking Compute;

// REQUIRES: tsan
// RUN: %fluxc %s %S/race-free.c --model=%model -fsanitize=thread -o %t && %run %t 2>&1 | FileCheck %s --implicit-check-not=WARNING
// CHECK: every flow has ended
