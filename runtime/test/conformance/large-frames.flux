// What a flow writes beyond its stack is a fault, however far beyond it is, and never lands in the stack of another flow: a frame
// that is larger than the stack and what guards it is touched page by page.
Numbers () => (int n);
Fill (int n) => ();

source Numbers => Fill;

// REQUIRES: plain-stacks
// RUN: %fluxc %s %S/large-frames.c --model=sped -o %t && not --crash %run %t 2>&1 | FileCheck %s --allow-empty
// RUN: %run %t --flux-stack-size=1M
// RUN: %fluxc %s %S/large-frames.c --model=percore -o %t && not --crash %run %t --flux-cores=2 2>&1 | FileCheck %s --allow-empty
// RUN: %fluxc %s %S/large-frames.c --model=sped --no-fuse -o %t && not --crash %run %t 2>&1 | FileCheck %s --allow-empty
// RUN: %fluxc %s %S/large-frames.c --model=pool -o %t && %run %t
// CHECK-NOT: another flow
