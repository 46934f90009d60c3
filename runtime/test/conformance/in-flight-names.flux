// A thousand flows look a name up at once, and none is answered before all have asked. That is seen to by a library in
// front of libc's getaddrinfo(), so that no name server is needed; that lookups need one, and what libc does to
// ask it, is no matter of the runtime, which makes the call as a whole.
Numbers () => (int n);
LookUp (int n) => (int n, int port);
Check (int n, int port) => ();

source Numbers => Main;
Main = LookUp -> Check;

// RUN: cc -shared -fPIC %S/Inputs/slow-names.c -o %t.so
// RUN: %fluxc %s %S/in-flight-names.c --model=thread -o %t && %run env SLOW_NAMES=1000 LD_PRELOAD=%t.so %t
// RUN: %fluxc %s %S/in-flight-names.c --model=pool -o %t && %run env SLOW_NAMES=1000 LD_PRELOAD=%t.so %t --flux-workers=1000
// RUN: %fluxc %s %S/in-flight-names.c --model=process -o %t && %run env SLOW_NAMES=50 LD_PRELOAD=%t.so %t --flux-workers=50
// RUN: %fluxc %s %S/in-flight-names.c --model=sped -o %t && %run env SLOW_NAMES=1000 LD_PRELOAD=%t.so %t
// RUN: %fluxc %s %S/in-flight-names.c --model=amped -o %t && %run env SLOW_NAMES=1000 LD_PRELOAD=%t.so %t
// RUN: %fluxc %s %S/in-flight-names.c --model=percore -o %t && %run env SLOW_NAMES=1000 LD_PRELOAD=%t.so %t
