// What a flow writes beyond its stack is a fault, however far beyond it is, and never lands in the stack of another flow: a frame
// that is larger than the stack and what guards it is touched page by page.
Numbers () => (int n);
Fill (int n) => ();

source Numbers => Fill;

// REQUIRES: plain-stacks
// RUN: %fluxc %s %S/large-frames.c --model=%model -o %t
// RUN: %if Loops %{not --crash%} %run %t 2>&1 | FileCheck %s --allow-empty
// RUN: %if Loops %{%run %t --flux-stack-size=1M%}
// RUN: %fluxc %s %S/large-frames.c --model=%model --no-fuse -o %t
// RUN: %if Loops %{not --crash%} %run %t 2>&1 | FileCheck %s --allow-empty
// CHECK-NOT: another flow
