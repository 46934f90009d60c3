// A thousand flows look a name up at once, and none is answered before all have asked. That is seen to by a library in
// front of libc's getaddrinfo(), so that no name server is needed; that lookups need one, and what libc does to
// ask it, is no matter of the runtime, which makes the call as a whole.
Numbers () => (int n);
LookUp (int n) => (int n, int port);
Check (int n, int port) => ();

source Numbers => Main;
Main = LookUp -> Check;

// REQUIRES: preloaded
// RUN: cc -shared -fPIC %S/Inputs/slow-names.c -o %t.so
// RUN: %fluxc %s %S/in-flight-names.c --model=%model -o %t
// RUN: N=%if Processes %{50%} %else %{1000%}; env SLOW_NAMES=$N FLUX_WORKERS=$N LD_PRELOAD=%t.so %run %t
// SKIP-MODEL: FlowsInTurn: flows are answered together
