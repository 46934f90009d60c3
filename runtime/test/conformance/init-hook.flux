// flux_init() runs once, before any source, and sees the command line without the options of Flux.
Once () => (int n);
Take (int n) => ();

source Once => Take;

// RUN: %fluxc %s %S/init-hook.c --model=thread -o %t && %run %t first --flux-drain-ms=500 --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook.c --model=pool -o %t && env FLUX_WORKERS=3 %run %t first --flux-queue=7 --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook.c --model=process -o %t && env FLUX_WORKERS=3 %run %t first --flux-restart-ms=7 --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook.c --model=sped -o %t && env FLUX_MAX_FLOWS=3 %run %t first --flux-stack-size=64K --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook.c --model=amped -o %t && env FLUX_MAX_FLOWS=3 %run %t first --flux-stack-size=64K --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook.c --model=percore -o %t && env FLUX_MAX_FLOWS=3 %run %t --flux-cores=3 first --flux-stack-size=64K --other -- --flux-mine
