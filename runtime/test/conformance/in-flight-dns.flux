// A thousand flows look a thousand names up by libc's own resolver, which asks a name server over the network; it answers none
// before it has been asked for all. The program has a network and an /etc/resolv.conf of its own.
Numbers () => (int n);
LookUp (int n) => (int n, int address);
Check (int n, int address) => ();

source Numbers => Main;
Main = LookUp -> Check;

// REQUIRES: namespaces
// RUN: %fluxc %s %S/in-flight-dns.c --model=thread -o %t && %run unshare -rmn %t 1000
// RUN: %fluxc %s %S/in-flight-dns.c --model=pool -o %t && %run unshare -rmn %t 1000 --flux-workers=1000
// RUN: %fluxc %s %S/in-flight-dns.c --model=process -o %t && %run unshare -rmn %t 50 --flux-workers=50
// RUN: %fluxc %s %S/in-flight-dns.c --model=sped -o %t && %run unshare -rmn %t 1000
// RUN: %fluxc %s %S/in-flight-dns.c --model=amped -o %t && %run unshare -rmn %t 1000
// RUN: %fluxc %s %S/in-flight-dns.c --model=percore -o %t && %run unshare -rmn %t 1000
