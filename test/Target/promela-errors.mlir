// RUN: not flux-translate --flux-to-promela --flows=1,2 %S/Inputs/three-ways.mlir 2>&1 | FileCheck %s
// CHECK: error: the program starts flows in 3 ways, but the numbers of flows are 2
// RUN: flux-translate --flux-to-promela --flows=100 --split-input-file --verify-diagnostics %s

// expected-error @below {{SPIN runs 254 processes at most, but 3 sources have 300 flows}}
module {
flux.flow @A () -> () {
  flux.return
}
flux.flow @B () -> () {
  flux.return
}
flux.flow @C () -> () {
  flux.return
}
}

// -----

// A session lock is a lock for each session.
// expected-error @below {{SPIN has room for 255 locks, but the program needs 303}}
module {
flux.lock @a session
flux.lock @b session
flux.lock @c session
flux.node @S () -> ()
flux.flow @F () -> () {
  flux.return
}
flux.flow @G () -> () {
  flux.return
}
flux.source @S -> @F
flux.source @S -> @G
}

// -----

// The text has an end because flows do not reach themselves.
// expected-error @+1 {{flow 'A' reaches itself}}
flux.flow @A () -> () {
  // expected-note @+1 {{}}
  flux.call @A() : () -> ()
  flux.return
}

// -----

flux.lock @a program rank 0
// expected-error @+1 {{has no rank, but others have}}
flux.lock @b program
