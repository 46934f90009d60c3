// A library that knows nothing of flows: a thousand of them wait in libcurl at once, for a server that answers none before all
// have asked.
Numbers () => (int n);
Fetch (int n) => (int n, int64_t status, int64_t size);
Check (int n, int64_t status, int64_t size) => ();

source Numbers => Main;
Main = Fetch -> Check;

// REQUIRES: libcurl
// RUN: %fluxc %s %S/in-flight-curl.c --model=%model -lcurl -o %t
// RUN: N=%if Processes || emulated %{50%} %else %{1000%}; FLUX_WORKERS=$N %run %t $N
// SKIP-MODEL: FlowsInTurn: flows are answered together
