// RUN: flux-opt --verify-deadlock-free --split-input-file --verify-diagnostics %s

// Each program here is free of deadlock; errors are in verify-deadlock-free-errors.mlir and -errors.flux.

// Inverted orders behind a common lock never meet.
flux.lock @guard program
flux.lock @a program
flux.lock @b program
flux.flow @Forth() -> () {
  flux.constrained [@guard write] {
    flux.constrained [@a write] {
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
  flux.constrained [@guard read] {
    flux.constrained [@b write] {
      flux.constrained [@a write] {
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// A lock that nobody writes makes nobody wait.
flux.lock @a program
flux.lock @b program
flux.flow @Forth() -> () {
  flux.constrained [@a read] {
    flux.constrained [@b write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Back() -> () {
  flux.constrained [@b write] {
    flux.constrained [@a read] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// Siblings are not nested: between the two regions nothing is held, in whatever order they come.
flux.lock @a program
flux.lock @b program
flux.flow @Forth() -> () {
  flux.constrained [@a write] {
    flux.yield
  }
  flux.call @Nothing() : () -> ()
  flux.constrained [@b write] {
    flux.yield
  }
  flux.return
}
flux.flow @Back() -> () {
  flux.constrained [@b write] {
    flux.yield
  }
  flux.constrained [@a write] {
    flux.yield
  }
  flux.return
}
flux.flow @Nothing() -> () {
  flux.return
}

// -----

// A lock that is held already is not taken again, so its rank does not matter: `a` before `b`, then `a` again inside.
flux.lock @a program rank 0
flux.lock @b program rank 1
flux.flow @Nested() -> () {
  flux.constrained [@a write, @b write] {
    flux.constrained [@b write] {
      flux.constrained [@a read] {
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// The ranks say in which order one region takes its locks, however they are written.
flux.lock @a program rank 1
flux.lock @b program rank 0
flux.flow @Nested() -> () {
  flux.constrained [@b write] {
    flux.constrained [@a write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Both() -> () {
  flux.constrained [@a write, @b write] {
    flux.yield
  }
  flux.return
}

// -----

// No locks, no flows. It is well, but hardly what anybody wanted to know.
// expected-warning @+1 {{the program is empty, so there is nothing to prove}}
module {}
