// An exception that leaves flux_init keeps the server from starting; one that leaves flux_shutdown changes nothing any more.
Numbers () => (int n);
Take (int n) => ();
source Numbers => Take;

// RUN: %fluxc %s %S/exceptions-hooks.cpp --model=%model -o %t
// RUN: not %run %t early 2>&1 | FileCheck %s --check-prefix=EARLY
// RUN: %run %t late 2>&1 | FileCheck %s --check-prefix=LATE
// EARLY: hook 'flux_init' has thrown std::runtime_error: early
// EARLY: flux_init returned -1008
// LATE: hook 'flux_shutdown' has thrown std::runtime_error: late
