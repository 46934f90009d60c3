// A library that is loaded so that it does not call what stands in for libc is named in the log, on models with event loops. Its calls
// work all the same.
Once () => (int n);
Take (int n) => ();

source Once => Take;

// RUN: %fluxc %s %S/loading.c --model=%model -ldl -o %t && %run %t 2>%t.log
// RUN: %if Loops %{FileCheck %s --input-file=%t.log%} %else %{count 0 <%t.log%}
// CHECK: flux: loading: library 'libm.so.6' is loaded with RTLD_DEEPBIND, so calls that it makes keep the event loop when they wait
// CHECK-NEXT: flux: loading: library 'libm.so.6' is loaded by dlmopen(), so calls that it makes keep the event loop when they wait
// CHECK-NOT: flux

// A sanitizer refuses both.
// REQUIRES: plain-build
