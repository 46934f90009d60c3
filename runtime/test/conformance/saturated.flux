// A server that has no more of what flows need to run says so with the number and the option, and says when that is over.
Next () => (int n);
Stay (int n) => ();

source Next => Main;
Main = Stay;

// RUN: %fluxc %s %S/saturated.c --model=%model -o %t && rm -f %t.err
// RUN: env FLUX_CORES=1 FLUX_WORKERS=2 FLUX_MAX_FLOWS=2 %run %t %t.err --flux-hang-ms=200 2> %t.err && FileCheck --input-file=%t.err %s
// SKIP-MODEL: Processes: what waits for one of its workers is with the kernel
// SKIP-MODEL: FlowsInTurn: the source waits for its flow, and nothing for a place

// CHECK: flux: saturated: all {{[1-9][0-9]*}} {{.+}} have been taken for {{[0-9.]+}} s and {{[1-9][0-9]*}} wait for one; --flux-{{workers|max-flows}} allows more
// CHECK: flux: saturated: {{.+}} are free again after {{[0-9.]+}} s
