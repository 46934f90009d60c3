// An init hook that fails ends the process with status 1, before any source has run.
Never () => (int n);
Take (int n) => ();

source Never => Take;

// RUN: %fluxc %s %S/init-fails.c --model=thread -o %t && not %run %t 2>&1 | FileCheck %s
// RUN: %fluxc %s %S/init-fails.c --model=pool -o %t && not %run %t 2>&1 | FileCheck %s
// RUN: %fluxc %s %S/init-fails.c --model=process -o %t && not %run %t 2>&1 | FileCheck %s
// RUN: %fluxc %s %S/init-fails.c --model=sped -o %t && not %run %t 2>&1 | FileCheck %s
// RUN: %fluxc %s %S/init-fails.c --model=amped -o %t && not %run %t 2>&1 | FileCheck %s
// RUN: %fluxc %s %S/init-fails.c --model=percore -o %t && not %run %t --flux-cores=3 2>&1 | FileCheck %s

// CHECK-NOT: not so
// CHECK: flux: init-fails: flux_init returned 3
