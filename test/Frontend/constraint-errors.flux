// RUN: flux-translate --import-flux --split-input-file --verify-diagnostics %s

// Locks and sessions.

// A lock has one scope.
A (int a) => ();
B (int a) => ();
// expected-note @+1 {{the first use is here}}
constraint A:{x};
// expected-error @+1 {{lock 'x' is of scope 'session' here, but of scope 'program' before}}
constraint B:{x(session)};

// -----

// A constraint names a lock once.
A (int a) => ();
// expected-error @+2 {{the constraint of 'A' names lock 'x' twice}}
// expected-note @+1 {{the first time is here}}
constraint A:{x, y?, x?};

// -----

// So do all constraints of one function together.
A (int a) => ();
// expected-note @+1 {{the first time is here}}
constraint A:{x};
// expected-error @+1 {{the constraint of 'A' names lock 'x' twice}}
atomic A:{x};

// -----

// A predicate runs under the constraints of the flow that asks it.
// expected-note @+1 {{it is a predicate here}}
typedef odd IsOdd;
// expected-error @+1 {{'odd' is a predicate, not a node or a flow}}
constraint odd:{x};

// -----

// A session lock needs a session.
Listen () => (int a);
A (int a) => ();
// expected-error @+1 {{source 'Listen' starts flows that reach session lock 'x', but names no session; write: source Listen {session: <C function>} => A;}}
source Listen => A;
// expected-note @+1 {{the constraint is here}}
constraint A:{x(session)};

// -----

// However deep it is.
Listen () => (int a);
A (int a) => ();
F = A;
G = F;
// expected-error @+1 {{source 'Listen' starts flows that reach session lock 'x', but names no session; write: source Listen {session: <C function>} => G;}}
source Listen => G;
// expected-note @+1 {{the constraint is here}}
constraint A:{x(session)};

// -----

// From each source that reaches it.
Listen () => (int a);
Poll () => (int a);
A (int a) => ();
source Listen {session: Sid} => A;
// expected-error @+1 {{source 'Poll' starts flows that reach session lock 'x', but names no session; write: source Poll {session: <C function>} => A;}}
source Poll => A;
// expected-note @+1 {{the constraint is here}}
constraint A:{x?(session)};

// -----

// A handler runs within its flow's session.
Listen () => (int a);
A (int a) => ();
// expected-error @+1 {{source 'Listen' starts flows that reach session lock 'x', but names no session; write: source Listen {session: <C function>} => A;}}
source Listen => A;
handle error A => H;
// expected-note @+1 {{the constraint is here}}
constraint H:{x(session)};

// -----

// While a source runs there is no session yet.
Listen () => (int a);
A (int a) => ();
// expected-error @+1 {{source 'Listen' reaches session lock 'x' before its flow has a session}}
source Listen {session: Sid} => A;
// expected-note @+1 {{the constraint is here}}
constraint Listen:{x(session)};
