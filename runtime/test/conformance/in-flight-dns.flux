// A thousand flows look a thousand names up by libc's own resolver, which asks a name server over the network; it answers none
// before it has been asked for all. The program has a network and an /etc/resolv.conf of its own.
Numbers () => (int n);
LookUp (int n) => (int n, int address);
Check (int n, int address) => ();

source Numbers => Main;
Main = LookUp -> Check;

// REQUIRES: namespaces
// RUN: %fluxc %s %S/in-flight-dns.c --model=%model -o %t
// RUN: N=%if Processes || emulated %{50%} %else %{1000%}; FLUX_WORKERS=$N unshare -rmn %run %t $N
// SKIP-MODEL: FlowsInTurn: flows are answered together
