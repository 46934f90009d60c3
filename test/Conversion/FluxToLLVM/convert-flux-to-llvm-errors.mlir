// RUN: flux-opt %s --convert-flux-to-llvm --split-input-file --verify-diagnostics

// What the lowering refuses.

// expected-error @+1 {{has no rank; run flux-assign-lock-order first}}
flux.lock @l program

// -----

flux.lock @a program rank 1
// expected-error @+1 {{has the same rank as lock 'a'}}
flux.lock @b program rank 1

// -----

// What has been lowered already, which would be lost.
// expected-error @+2 {{'llvm.func' is no part of a Flux program}}
// expected-note @+1 {{the program has been lowered already; give this what it was lowered from}}
llvm.func @Helper()
flux.node @A () -> ()
