// An init hook that fails ends the process with status 1, before any source has run.
Never () => (int n);
Take (int n) => ();

source Never => Take;

// RUN: %fluxc %s %S/init-fails.c --model=%model -o %t && not %run %t 2>&1 | FileCheck %s

// CHECK-NOT: not so
// CHECK: flux: init-fails: flux_init returned 3
