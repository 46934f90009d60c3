// RUN: flux-opt --verify-deadlock-free --split-input-file --verify-diagnostics %s

// Ranks are all there or none is, and no two locks share one.
flux.lock @a program rank 0
// expected-error @below {{'flux.lock' op has no rank, but others have}}
flux.lock @b program

// -----

flux.lock @a program rank 3
// expected-error @below {{'flux.lock' op has the rank of 'a'}}
flux.lock @b program rank 3

// -----

// A flow that reaches itself cannot be checked.
// expected-error @below {{flow 'Self' reaches itself}}
flux.flow @Self() -> () {
  // expected-note @below {{'Self' runs 'Self'}}
  flux.call @Self() : () -> ()
  flux.return
}

// -----

// Two flows that read cannot both become writers.
flux.lock @a program
flux.flow @Page() -> () {
  // expected-note @below {{it is taken for reading here; taking it for writing here, too, mends this}}
  flux.constrained [@a read] {
    // expected-error @below {{'a' is taken for writing here where it is held for reading: two flows that do so wait for each other}}
    // expected-note @below {{this is the program as it is written; 'fluxc check'}}
    flux.constrained [@a write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// The same through a call, with a region of another lock between them.
flux.lock @a program
flux.lock @b program
flux.flow @Page() -> () {
  // expected-note @below {{it is taken for reading here}}
  flux.constrained [@a read] {
    flux.constrained [@b write] {
      flux.call @Inner() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Inner() -> () {
  // expected-error @below {{'a' is taken for writing here where it is held for reading}}
  // expected-note @below {{this is the program as it is written; 'fluxc check'}}
  flux.constrained [@a write] {
    flux.yield
  }
  flux.return
}

// -----

// Ranks against the nesting: one region takes `b` first, another holds `a` while it takes `b`.
flux.lock @a program rank 1
flux.lock @b program rank 0
flux.flow @Nested() -> () {
  // expected-note @below {{flow 'Nested' takes 'a' here to write}}
  // expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
  flux.constrained [@a write] {
    // expected-error @below {{2 flows can wait for each other in a circle}}
    // expected-note @below {{flow 'Nested' waits here to write 'b' and holds 'a'}}
    flux.constrained [@b write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Both() -> () {
  // expected-note @below {{flow 'Both' waits here to write 'a' and holds 'b'}}
  flux.constrained [@a write, @b write] {
    flux.yield
  }
  flux.return
}

// -----

// A reader waits behind a writer that waits: `Writer` makes two readers wait for each other that could else go on.
flux.lock @a program
flux.lock @b program
flux.flow @Forth() -> () {
  // expected-note @below {{flow 'Forth' takes 'a' here to read}}
  // expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
  flux.constrained [@a read] {
    // expected-error @below {{flows can wait for each other in a circle}}
    // expected-note @below {{this is the program as it is written; 'fluxc check'}}
    // expected-note @below {{flow 'Forth' waits here to write 'b' and holds 'a'}}
    flux.constrained [@b write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Back() -> () {
  // expected-note @below {{flow 'Back' takes 'b' here to read}}
  flux.constrained [@b read] {
    // expected-note @below {{flow 'Back' waits here to read 'a' and holds 'b'}}
    flux.constrained [@a read] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Writer() -> () {
  // expected-note @below {{flow 'Writer' waits here to write 'a'}}
  flux.constrained [@a write] {
    flux.yield
  }
  flux.return
}

// -----

// A handler runs with nothing held, but takes its own locks in the order of ranks.
flux.lock @a program rank 1
flux.lock @b program rank 0
flux.node @Work() -> ()
flux.flow @Nested() -> () {
  // expected-note @below {{flow 'Nested' takes 'a' here to write}}
  // expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
  flux.constrained [@a write] {
    // expected-error @below {{2 flows can wait for each other in a circle}}
    // expected-note @below {{flow 'Nested' waits here to write 'b' and holds 'a'}}
    flux.constrained [@b write] {
      flux.call @Work() : () -> ()
      flux.yield
    }
    flux.yield
  }
  flux.return
}
// expected-note @below {{handler 'Failed' waits here to write 'a' and holds 'b'}}
flux.handler [@Work] -> "Failed" under [@a write, @b write]

// -----

// A lock of each session keeps only flows of one session apart.
flux.lock @guard session
flux.lock @a program
flux.lock @b program
flux.flow @Forth() -> () {
  // expected-note @below {{flow 'Forth' takes 'guard' here to write}}
  flux.constrained [@guard write] {
    // expected-note @below {{flow 'Forth' takes 'a' here to write}}
    // expected-note @below {{taking 'b' here, together with 'a', would break the circle}}
    flux.constrained [@a write] {
      // expected-error @below {{2 flows can wait for each other in a circle}}
      // expected-note @below {{this is the program as it is written; 'fluxc check'}}
      // expected-note @below {{flow 'Forth' in session 1 waits here to write 'b' and holds 'guard', 'a'}}
      flux.constrained [@b write] {
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Back() -> () {
  // expected-note @below {{flow 'Back' takes 'guard' here to write}}
  flux.constrained [@guard write] {
    // expected-note @below {{flow 'Back' takes 'b' here to write}}
    flux.constrained [@b write] {
      // expected-note @below {{flow 'Back' in session 2 waits here to write 'a' and holds 'guard', 'b'}}
      flux.constrained [@a write] {
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}
