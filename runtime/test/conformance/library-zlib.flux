// Compressed files that are pipes between flows: zlib's own calls wait for the other flow of the pair.
Numbers () => (int n);
Use (int n) => ();

source Numbers => Use;

// REQUIRES: zlib
// RUN: %fluxc %s %S/library-zlib.c --model=%model -lz -o %t && FLUX_WORKERS=40 %run %t
// SKIP-MODEL: Processes: the two ends of a pipe are one process's
// SKIP-MODEL: FlowsInTurn: a flow waits for another one
