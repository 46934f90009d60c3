// Ordinary code that reads lines from a socket by fdopen() and fgets(): a thousand flows wait in it at once, for a server
// that answers none of them before all have asked.
Numbers () => (int n);
Connect (int n) => (int n, int socket);
ReadLines (int n, int socket) => ();

source Numbers => Main;
Main = Connect -> ReadLines;

// RUN: %fluxc %s %S/in-flight-streams.c --model=thread -o %t && %run %t 1000
// RUN: %fluxc %s %S/in-flight-streams.c --model=pool -o %t && %run %t 1000 --flux-workers=1000
// RUN: %fluxc %s %S/in-flight-streams.c --model=process -o %t && %run %t 50 --flux-workers=50
// RUN: %fluxc %s %S/in-flight-streams.c --model=sped -o %t && %run %t 1000
// RUN: %fluxc %s %S/in-flight-streams.c --model=amped -o %t && %run %t 1000
// RUN: %fluxc %s %S/in-flight-streams.c --model=percore -o %t && %run %t --flux-cores=3 1000
