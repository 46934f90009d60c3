// FLUX_STOP ends the source that returns it and no other; it is not called again. Any other error means no flow this time.
Once () => (int n);
Many () => (int n);
Count (int n) => ();

source Once => Main;
source Many => Main;
Main = Count;

// RUN: %fluxc %s %S/stop.c --model=%model -o %t && %run %t
