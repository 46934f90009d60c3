// So does init(), as programs of the 2006 compiler name it in C,
Once () => (int n);
Take (int n) => ();

source Once => Take;

// RUN: %fluxc %s %S/init-hook-2006.c --model=%model -o %t && export FLUX_MAX_FLOWS=3 FLUX_WORKERS=3
// RUN: %run %t first --flux-drain-ms=500 %if Loops %{--flux-stack-size=64K%} --other -- --flux-mine
