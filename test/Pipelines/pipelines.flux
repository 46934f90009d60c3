// The pipelines: one that checks, and one for each model that ends in the llvm dialect.

// RUN: flux-opt --flux-check %s | FileCheck %s --check-prefix=CHECKED
// RUN: flux-opt --flux-lower-to-thread %s | FileCheck %s --check-prefix=LOWERED
// RUN: flux-opt --flux-lower-to-pool %s | FileCheck %s --check-prefix=LOWERED

// Checking ranks the locks and leaves the rest alone.
// CHECKED: flux.lock @out program rank 0
// CHECKED: flux.node @Take
// CHECKED: flux.flow @Page
// LOWERED-NOT: flux.{{node|flow|lock|call|source}}{{ }}
// LOWERED: llvm.func internal @flux.flow.Page
// LOWERED: llvm.mlir.global {{.*}}@flux_ir_program

Make () => (int a);
Take (int a) => ();
source Make => Page;
Page = Take;
constraint Page:{out};

// What must be checked is checked on the way down, too.
// RUN: not flux-opt --flux-lower-to-thread %S/Inputs/cycle.mlir 2>&1 | FileCheck %s --check-prefix=CYCLE
// CYCLE: cycle.mlir:2:1: error: flow 'F' reaches itself
