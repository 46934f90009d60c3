// Options that a model does not have are refused with the near one, in status 2; --flux-help lists them all.
Once () => (int n);
Take (int n) => ();

source Once => Take;

// RUN: %fluxc %s %S/options.c --model=thread -o %t
// RUN: not %run %t --flux-max-flow=3 2>&1 | FileCheck %s --check-prefix=NEAR-THREAD
// RUN: %run %t --flux-help | FileCheck %s --check-prefixes=HELP,HELP-THREAD
// RUN: %fluxc %s %S/options.c --model=pool -o %t
// RUN: not %run %t --flux-worker=3 2>&1 | FileCheck %s --check-prefix=NEAR-POOL
// RUN: env FLUX_QUEUE=none not %run %t 2>&1 | FileCheck %s --check-prefix=VARIABLE
// RUN: %run %t --flux-help | FileCheck %s --check-prefixes=HELP,HELP-POOL
// RUN: %fluxc %s %S/options.c --model=process -o %t
// RUN: not %run %t --flux-worker=3 2>&1 | FileCheck %s --check-prefix=NEAR-PROCESS
// RUN: %run %t --flux-help | FileCheck %s --check-prefixes=HELP,HELP-PROCESS
// RUN: %fluxc %s %S/options.c --model=sped -o %t
// RUN: not %run %t --flux-max-flow=3 2>&1 | FileCheck %s --check-prefix=NEAR-SPED
// RUN: %run %t --flux-help | FileCheck %s --check-prefixes=HELP,HELP-SPED
// RUN: %fluxc %s %S/options.c --model=amped -o %t
// RUN: not %run %t --flux-helper=3 2>&1 | FileCheck %s --check-prefix=NEAR-AMPED
// RUN: %run %t --flux-help | FileCheck %s --check-prefixes=HELP,HELP-SPED,HELP-AMPED
// RUN: %fluxc %s %S/options.c --model=percore -o %t
// RUN: not %run %t --flux-core=3 2>&1 | FileCheck %s --check-prefix=NEAR-PERCORE
// RUN: %run %t --flux-help | FileCheck %s --check-prefixes=HELP,HELP-PERCORE,HELP-SPED,HELP-AMPED

// NEAR-THREAD: flux: options: unknown option '--flux-max-flow' for model 'thread'; did you mean '--flux-max-flows'?
// NEAR-POOL: flux: options: unknown option '--flux-worker' for model 'pool'; did you mean '--flux-workers'?
// NEAR-PROCESS: flux: options: unknown option '--flux-worker' for model 'process'; did you mean '--flux-workers'?
// NEAR-SPED: flux: options: unknown option '--flux-max-flow' for model 'sped'; did you mean '--flux-max-flows'?
// NEAR-AMPED: flux: options: unknown option '--flux-helper' for model 'amped'; did you mean '--flux-helpers'?
// NEAR-PERCORE: flux: options: unknown option '--flux-core' for model 'percore'; did you mean '--flux-cores'?
// VARIABLE: flux: options: 'FLUX_QUEUE' takes a number from 1 to 10000000, but 'none' is given
// HELP: --flux-drain-ms=MS
// HELP: variable FLUX_DRAIN_MS
// HELP: --flux-snapshot=FILE
// HELP-THREAD: --flux-max-flows=N
// HELP-POOL: --flux-workers=N
// HELP-POOL: --flux-queue=N
// HELP-PROCESS: --flux-workers=N
// HELP-PROCESS: --flux-restart-ms=MS
// HELP-PERCORE: --flux-cores=N
// HELP-SPED: --flux-max-flows=N
// HELP-SPED: --flux-stack-size=BYTES
// HELP-SPED: --flux-lookups=N
// HELP-AMPED: --flux-helpers=N
