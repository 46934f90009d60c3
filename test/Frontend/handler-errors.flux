// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// Handlers and sessions' functions.

// A path goes from the outside in.
A (int a) => ();
B (int a) => ();
// expected-note @+1 {{'F' is declared here}}
F = A;
// expected-error @+1 {{'B' never runs within 'F', so this handler would never be called}}
handle error F -> B => H;

// -----

// The other way round.
// expected-note @+1 {{'A' is declared here}}
A (int a) => ();
F = A;
// expected-error @+1 {{'F' never runs within 'A', so this handler would never be called}}
handle error A -> F => H;

// -----

// One handler in one place.
A (int a) => ();
// expected-note @+1 {{the first is here}}
handle error A => H;
// expected-error @+1 {{errors of 'A' have two handlers in the same place}}
handle error A => J;

// -----

// A handler has one prototype.
A (int a) => ();
B (char *a) => ();
// expected-note @+1 {{it serves 'A' here}}
handle error A => H;
// expected-error @+1 {{handler 'H' serves 'A' and 'B', whose inputs differ; give each its own function}}
handle error B => H;

// -----

// A session's function has one prototype.
Listen () => (int a);
Poll () => (char *a);
A (int a) => ();
B (char *a) => ();
// expected-note @+1 {{it serves 'A' here}}
source Listen {session: Sid} => A;
// expected-error @+1 {{session function 'Sid' serves 'A' and 'B', whose inputs differ; give each its own function}}
source Poll {session: Sid} => B;

// -----

// A handler that is declared takes what the failing node takes.
// expected-note @+1 {{'A' is declared here}}
A (int a) => ();
// expected-note @+1 {{the handler is declared here}}
H (char *a) => ();
// expected-error @+1 {{handler 'H' does not take the inputs of 'A', whose errors it handles}}
handle error A => H;

// -----

// A handler that is declared produces nothing.
A (int a) => (int a);
// expected-note @+1 {{declared here}}
H (int a) => (int a);
// expected-error @+1 {{handler 'H' cannot produce outputs; no flow goes on after an error}}
handle error A => H;
