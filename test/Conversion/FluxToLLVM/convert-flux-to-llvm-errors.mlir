// RUN: flux-opt %s --convert-flux-to-llvm --split-input-file --verify-diagnostics

// What the lowering refuses.

// expected-error @+1 {{has no rank; run flux-assign-lock-order first}}
flux.lock @l program

// -----

flux.lock @a program rank 1
// expected-error @+1 {{has the same rank as lock 'a'}}
flux.lock @b program rank 1

// -----

// One C function cannot be two things.
// expected-note @+1 {{the first use is here}}
flux.node @A (a: !flux.c<"int">) -> ()
// expected-error @+1 {{uses the C function 'A' with another prototype}}
flux.handler [@A] -> "A"

// -----

// A handler of a function with an input and of one without.
flux.node @A (a: !flux.c<"int">) -> ()
flux.node @B () -> ()
// expected-note @+1 {{the first use is here}}
flux.handler [@A] -> "H"
// expected-error @+1 {{uses the C function 'H' with another prototype}}
flux.handler [@B] -> "H"

// -----

flux.node @S () -> ()
flux.node @A () -> ()
// expected-error @+1 {{uses the C function 'A' with another prototype}}
flux.source @S -> @A session "A"
// expected-note @-3 {{the first use is here}}

// -----

flux.predicate @p calls "P"
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"double">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  // expected-error @+2 {{uses the C function 'P' with another prototype}}
  // expected-note @+1 {{the first use is here}}
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">)
  case [@p, @p] {
    flux.yield
  }
  flux.return
}

// -----

// expected-error @+1 {{names the C function 'flux_ir_fail', which is the Flux runtime's}}
flux.node @flux_ir_fail () -> ()
