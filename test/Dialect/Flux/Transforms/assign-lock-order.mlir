// RUN: flux-opt --flux-assign-lock-order --split-input-file --verify-diagnostics %s | FileCheck %s
// RUN: flux-opt --flux-assign-lock-order --verify-deadlock-free --split-input-file %s -o %t

// Ranks follow "held while acquiring", ties the name; ranks that were there are replaced. Nothing else changes.

// CHECK-LABEL: flux.lock @z program rank 1
// CHECK-NEXT:  flux.lock @b program rank 3
// CHECK-NEXT:  flux.lock @a program rank 2
// CHECK-NEXT:  flux.lock @unused session rank 0
// CHECK:       flux.constrained [@z write] {
// CHECK-NEXT:    flux.constrained [@b write, @a write] {
flux.lock @z program rank 7
flux.lock @b program
flux.lock @a program
flux.lock @unused session
flux.flow @Page() -> () {
  flux.constrained [@z write] {
    flux.constrained [@b write, @a write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// An outer {a} around an inner {b}, beside a flow with {a, b}: its order is free, and follows the nesting.

// CHECK-LABEL: flux.lock @b program rank 0
// CHECK-NEXT:  flux.lock @a program rank 1
flux.lock @b program
flux.lock @a program
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

// Two flows against one: the one is changed. What it takes early it may take again inside, at no cost.

// CHECK-LABEL: flux.flow @Once
// CHECK-NEXT:    flux.constrained [@b write, @a write] {
// CHECK-NEXT:      flux.constrained [@a write] {
// CHECK-LABEL: flux.flow @Twice
// CHECK-NEXT:    flux.constrained [@a write] {
// CHECK-NEXT:      flux.constrained [@b write] {
flux.lock @a program
flux.lock @b program
flux.flow @Once() -> () {
  // expected-remark @below {{'a' is taken early here, together with 'b': other flows take them in the other order; 'constraint Once:{b, a};' says the same}}
  flux.constrained [@b write] {
    // expected-note @below {{it is needed here}}
    flux.constrained [@a write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Twice() -> () {
  flux.constrained [@a write] {
    flux.constrained [@b write] {
      flux.yield
    }
    flux.yield
  }
  flux.constrained [@a write] {
    flux.constrained [@b read] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// A lock is hoisted in the mode in which it is needed, out of a flow that is called.

// CHECK-LABEL: flux.flow @Outer
// CHECK-NEXT:    flux.constrained [@b write, @a read] {
// CHECK-LABEL: flux.flow @Inner
// CHECK-NEXT:    flux.constrained [@a read] {
flux.lock @a program
flux.lock @b program
flux.flow @Outer() -> () {
  // expected-remark @below {{'a' is taken early here, together with 'b': other flows take them in the other order; 'constraint Outer:{b, a?};' says the same}}
  flux.constrained [@b write] {
    flux.call @Inner() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Inner() -> () {
  // expected-note @below {{it is needed here}}
  flux.constrained [@a read] {
    flux.yield
  }
  flux.return
}
flux.flow @OtherWay() -> () {
  flux.constrained [@a write] {
    flux.constrained [@b read] {
      flux.yield
    }
    flux.yield
  }
  flux.constrained [@a write] {
    flux.constrained [@b read] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}

// -----

// A reader that contains a writer becomes one, through calls and through other readers.

// CHECK-LABEL: flux.flow @Outer
// CHECK-NEXT:    flux.constrained [@a write] {
// CHECK-LABEL: flux.flow @Middle
// CHECK-NEXT:    flux.constrained [@a write] {
// CHECK-LABEL: flux.flow @Reader
// CHECK-NEXT:    flux.constrained [@a read] {
flux.lock @a program
flux.flow @Outer() -> () {
  // expected-remark @below {{'a' is taken for writing here, since it is written inside}}
  flux.constrained [@a read] {
    flux.call @Middle() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @Middle() -> () {
  // expected-note @below {{it is taken for writing here}}
  // expected-remark @below {{'a' is taken for writing here, since it is written inside}}
  flux.constrained [@a read] {
    // expected-note @below {{it is taken for writing here}}
    flux.constrained [@a write] {
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Reader() -> () {
  flux.constrained [@a read] {
    flux.yield
  }
  flux.return
}

// -----

// An inversion that a common lock makes harmless stays as it is.

// CHECK-LABEL: flux.flow @Forth
// CHECK:         flux.constrained [@a write] {
// CHECK-NEXT:      flux.constrained [@b write] {
// CHECK-LABEL: flux.flow @Back
// CHECK:         flux.constrained [@b write] {
// CHECK-NEXT:      flux.constrained [@a write] {
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
  flux.constrained [@guard write] {
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
