// RUN: flux-translate --import-flux --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s

// Every op is located at the name that it stands for.
// CHECK: flux.lock @x {{.*}}loc("{{.*}}locations.flux":[[# @LINE + 16]]:15)

// CHECK: flux.node @A {{.*}}loc("{{.*}}":[[# @LINE + 1]]:3)
  A (int a) => (int a);

// CHECK: flux.flow @F
// CHECK:   flux.call @A{{.*}}:[[# @LINE + 3]]:5)
// CHECK:   flux.call @A{{.*}}:[[# @LINE + 3]]:8)
// CHECK: } loc("{{.*}}":[[# @LINE + 1]]:1)
F = A
    -> A;

// CHECK: flux.source @S {{.*}}:[[# @LINE + 1]]:8)
source S => T;
S () => (int a); T (int a) => ();

constraint T:{x};

// CHECK: flux.handler [@A] {{.*}}:[[# @LINE + 1]]:14)
handle error A => H;
