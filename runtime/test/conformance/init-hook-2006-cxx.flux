// and in C++.
Once () => (int n);
Take (int n) => ();

source Once => Take;

// RUN: %fluxc %s %S/init-hook-2006-cxx.cpp --model=thread -o %t && %run %t first --flux-drain-ms=500 --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook-2006-cxx.cpp --model=pool -o %t && env FLUX_WORKERS=3 %run %t first --flux-queue=7 --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook-2006-cxx.cpp --model=process -o %t && env FLUX_WORKERS=3 %run %t first --flux-restart-ms=7 --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook-2006-cxx.cpp --model=sped -o %t && env FLUX_MAX_FLOWS=3 %run %t first --flux-stack-size=64K --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook-2006-cxx.cpp --model=amped -o %t && env FLUX_MAX_FLOWS=3 %run %t first --flux-stack-size=64K --other -- --flux-mine
// RUN: %fluxc %s %S/init-hook-2006-cxx.cpp --model=percore -o %t && env FLUX_MAX_FLOWS=3 %run %t --flux-cores=3 first --flux-stack-size=64K --other -- --flux-mine
