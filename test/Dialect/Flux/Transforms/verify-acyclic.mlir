// RUN: flux-opt --flux-verify-acyclic --split-input-file --verify-diagnostics %s

// A flow that runs twice, in two places, is no cycle.
flux.flow @Top() -> () {
  flux.call @Left() : () -> ()
  flux.call @Bottom() : () -> ()
  flux.return
}
flux.flow @Left() -> () {
  flux.call @Bottom() : () -> ()
  flux.call @Bottom() : () -> ()
  flux.return
}
flux.flow @Bottom() -> () {
  flux.return
}

// -----

// expected-error @below {{flow 'Self' reaches itself}}
flux.flow @Self() -> () {
  // expected-note @below {{'Self' runs 'Self'}}
  flux.call @Self() : () -> ()
  flux.return
}

// -----

// The cycle begins where the first flow leads to it, not with that flow; calls within regions and cases count.
flux.lock @a program
flux.predicate @p calls "P"
flux.flow @First() -> () {
  flux.call @A() : () -> ()
  flux.return
}
// expected-error @below {{flow 'A' reaches itself}}
flux.flow @A() -> () {
  flux.constrained [@a write] {
    // expected-note @below {{'A' runs 'B'}}
    flux.call @B() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @B() -> () {
  flux.dispatch()
  case [] {
    // expected-note @below {{'B' runs 'A'}}
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}
