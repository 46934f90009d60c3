// Options that a model does not have are refused with the near one, in status 2; --flux-help lists them all.
Once () => (int n);
Take (int n) => ();

source Once => Take;

// RUN: %fluxc %s %S/options.c --model=%model -o %t
// RUN: not %run %t --flux-drain-m=3 2>&1 | FileCheck %s --check-prefix=NEAR -DMODEL=%model -DGIVEN=drain-m -DNEAR=drain-ms
// RUN: env FLUX_DRAIN_MS=none not %run %t 2>&1 | FileCheck %s --check-prefix=VARIABLE
// RUN: %run %t --flux-help | FileCheck %s
// NEAR: flux: options: unknown option '--flux-[[GIVEN]]' for model '[[MODEL]]'; did you mean '--flux-[[NEAR]]'?
// VARIABLE: flux: options: 'FLUX_DRAIN_MS' takes a number from {{.*}}, but 'none' is given
// CHECK: --flux-drain-ms=MS
// CHECK: variable FLUX_DRAIN_MS
// CHECK: --flux-snapshot=FILE

// Those of models of one kind are the same.
// RUN: %if Workers %{not %run %t --flux-worker=3 2>&1 | FileCheck %s --check-prefix=NEAR -DMODEL=%model -DGIVEN=worker -DNEAR=workers%}
// RUN: %if Workers %{%run %t --flux-help | FileCheck %s --check-prefix=WORKERS%}
// RUN: %if Loops %{not %run %t --flux-max-flow=3 2>&1 | FileCheck %s --check-prefix=NEAR -DMODEL=%model -DGIVEN=max-flow -DNEAR=max-flows%}
// RUN: %if Loops %{%run %t --flux-help | FileCheck %s --check-prefix=LOOPS%}
// RUN: %if Loops && !OneLoop %{not %run %t --flux-core=3 2>&1 | FileCheck %s --check-prefix=NEAR -DMODEL=%model -DGIVEN=core -DNEAR=cores%}
// RUN: %if Helpers %{not %run %t --flux-helper=3 2>&1 | FileCheck %s --check-prefix=NEAR -DMODEL=%model -DGIVEN=helper -DNEAR=helpers%}
// WORKERS: --flux-workers=N
// LOOPS: --flux-max-flows=N
// LOOPS: --flux-stack-size=BYTES
// LOOPS: --flux-lookups=N
