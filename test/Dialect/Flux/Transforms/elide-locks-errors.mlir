// RUN: flux-opt %s --split-input-file --flux-elide-locks --verify-diagnostics
// RUN: not flux-opt --flux-elide-locks=model=spedd %S/Inputs/locked.mlir 2>&1 | FileCheck %s --check-prefix=MODEL
// MODEL: error: unknown model 'spedd'; the models are thread, pool

// Which of two locks a region takes first must be known.
// expected-error @below {{has no rank; run flux-assign-lock-order first}}
flux.lock @a program
flux.flow @F () -> () {
  flux.return
}

// -----

// expected-error @below {{flow 'F' reaches itself}}
flux.flow @F () -> () {
  // expected-note @below {{'F' runs 'F'}}
  flux.call @F() : () -> ()
  flux.return
}
