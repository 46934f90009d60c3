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

// On a single loop, locks go that nothing blocks under, by what the program declares and by what the bitcode says.
// RUN: flux-opt --flux-lower-to-sped %s 2>&1 | FileCheck %s --check-prefix=SPED
// SPED: remark: node 'Take' may block: its code is not known
// SPED: remark: lock 'out' is kept: node 'Take' may block while it is held: its code is not known
// SPED: llvm.call @flux_ir_acquire
// RUN: flux-opt --flux-lower-to-sped=nodes=%S/Inputs/take.ll %s 2>&1 | FileCheck %s --check-prefix=BITCODE
// BITCODE: remark: node 'Take' never blocks
// BITCODE: remark: lock 'out' is removed: no flow can park while it holds it
// BITCODE-NOT: flux_ir_acquire
// RUN: llvm-as %S/Inputs/take.ll -o %t.bc
// RUN: flux-translate --flux-to-llvmir --model=sped --nodes=%t.bc %s 2>/dev/null \
// RUN:   | FileCheck %s --check-prefix=LLVMIR
// The object says for which models that is true: sped is bit 3, amped bit 4.
// LLVMIR: @flux_ir_program = {{.*}}constant { i32, i32, i64, {{.*}} } { i32 {{[0-9]+}}, i32 {{[0-9]+}}, i64 {{8|24}},
// LLVMIR-NOT: flux_ir_acquire

// Elsewhere nobody asks what blocks, and the object serves all models.
// RUN: flux-translate --flux-to-llvmir --model=pool %s 2>&1 | FileCheck %s --check-prefix=POOL
// POOL-NOT: may block
// POOL: remark: lock 'out' is kept: model 'pool' runs flows at the same time
// POOL: @flux_ir_program = {{.*}}constant { i32, i32, i64, {{.*}} } { i32 {{[0-9]+}}, i32 {{[0-9]+}}, i64 -1,
