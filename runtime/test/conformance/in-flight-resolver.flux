// A thousand flows ask a name server by the resolver's own calls, as is done for other records than addresses; it answers none before it
// has been asked for all. The program has a network and an /etc/resolv.conf of its own.
Numbers () => (int n);
Query (int n) => ();

source Numbers => Query;

// ThreadSanitizer does not see how the resolver's threads are ordered.
// REQUIRES: namespaces, plain-build
// RUN: %fluxc %s %S/in-flight-resolver.c --model=%model -o %t
// RUN: N=%if Processes || emulated %{50%} %else %{1000%}; FLUX_WORKERS=$N unshare -rmn %run %t $N
// SKIP-MODEL: FlowsInTurn: flows are answered together
