// A library that knows nothing of flows: a thousand of them wait in libcurl at once, for a server that answers none before all
// have asked.
Numbers () => (int n);
Fetch (int n) => (int n, int64_t status, int64_t size);
Check (int n, int64_t status, int64_t size) => ();

source Numbers => Main;
Main = Fetch -> Check;

// REQUIRES: libcurl
// RUN: %fluxc %s %S/in-flight-curl.c --model=thread -lcurl -o %t && %run %t 1000
// RUN: %fluxc %s %S/in-flight-curl.c --model=pool -lcurl -o %t && %run %t 1000 --flux-workers=1000
// RUN: %fluxc %s %S/in-flight-curl.c --model=process -lcurl -o %t && %run %t 50 --flux-workers=50
// RUN: %fluxc %s %S/in-flight-curl.c --model=sped -lcurl -o %t && %run %t 1000
// RUN: %fluxc %s %S/in-flight-curl.c --model=amped -lcurl -o %t && %run %t 1000
// RUN: %fluxc %s %S/in-flight-curl.c --model=percore -lcurl -o %t && %run %t --flux-cores=3 1000
