// RUN: flux-translate --flux-to-source --split-input-file --verify-diagnostics %s

// What the dialect can say and the language cannot is refused at the operation.

// A constraint belongs to a name, so it cannot be around two calls of many.
flux.lock @cache program
flux.node @A () -> ()
flux.flow @F () -> () {
  // expected-error @+1 {{stands among other operations of a flow; in Flux it is a flow of its own}}
  flux.constrained [@cache write] {
    flux.call @A() : () -> ()
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.call @A() : () -> ()
  flux.return
}

// -----

// A flow's constraint holds wherever it runs, not at one call.
flux.lock @cache program
flux.flow @Inner () -> () {
  flux.return
}
flux.flow @F () -> () {
  // expected-error @+1 {{stands among other operations of a flow}}
  flux.constrained [@cache write] {
    flux.call @Inner() : () -> ()
    flux.yield
  }
  flux.call @Inner() : () -> ()
  flux.return
}

// -----

// Two uses of one node have the same constraint.
flux.lock @cache program
flux.node @A () -> ()
flux.flow @F () -> () {
  // expected-note @+1 {{elsewhere is here}}
  flux.constrained [@cache read] {
    flux.call @A() : () -> ()
    flux.yield
  }
  // expected-error @+1 {{'A' is constrained by {cache} here and by {cache?} elsewhere; in Flux its constraint is the same everywhere}}
  flux.constrained [@cache write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}

// -----

// The same between a flow and a source that starts the node itself.
flux.lock @cache program
flux.node @Tick () -> ()
flux.node @A () -> ()
flux.flow @F () -> () {
  // expected-note @+1 {{elsewhere is here}}
  flux.constrained [@cache read] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.call @Tick() : () -> ()
  flux.return
}
// expected-error @+1 {{'A' is constrained by {} here and by {cache?} elsewhere}}
flux.source @Tick -> @A

// -----

// Two handlers by one function have the same constraint.
flux.lock @log program
flux.node @A () -> ()
flux.node @B () -> ()
// expected-note @+1 {{elsewhere is here}}
flux.handler [@A] -> "H" under [@log write]
// expected-error @+1 {{'H' is constrained by {} here and by {log} elsewhere}}
flux.handler [@B] -> "H"

// -----

// Links hand on all that they get.
flux.node @A () -> (a: !flux.c<"int">, b: !flux.c<"int">)
flux.node @B (a: !flux.c<"int">, b: !flux.c<"int">) -> ()
flux.flow @F () -> () {
  %0:2 = flux.call @A() : () -> (!flux.c<"int">, !flux.c<"int">)
  // expected-error @+1 {{takes other values than the link before it gives, which Flux cannot say}}
  flux.call @B(%0#1, %0#0) : (!flux.c<"int">, !flux.c<"int">) -> ()
  flux.return
}

// -----

flux.node @A (a: !flux.c<"int">) -> (a: !flux.c<"int">)
flux.flow @F (a: !flux.c<"int">) -> (a: !flux.c<"int">) {
^bb0(%a: !flux.c<"int">):
  %0 = flux.call @A(%a) : (!flux.c<"int">) -> !flux.c<"int">
  // expected-error @+1 {{gives other values than the last link, which Flux cannot say}}
  flux.return %a : !flux.c<"int">
}

// -----

// Cases are chosen by all inputs, and are all that a flow does.
flux.predicate @odd calls "IsOdd"
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"int">):
  // expected-error @+1 {{chooses by other values than the inputs of its flow, which Flux cannot say}}
  flux.dispatch(%b : !flux.c<"int">)
  case [@odd] {
    flux.yield
  }
  flux.return
}

// -----

flux.predicate @odd calls "IsOdd"
flux.node @A (a: !flux.c<"int">) -> ()
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  // expected-error @+1 {{stands among other operations of a flow}}
  flux.dispatch(%a : !flux.c<"int">)
  case [@odd] {
    flux.yield
  }
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.return
}

// -----

// Locks are declared by being mentioned.
// expected-error @+1 {{is declared where no Flux program would declare it}}
flux.lock @unused program

// -----

flux.lock @a program
// expected-error @+1 {{is declared where no Flux program would declare it}}
flux.lock @b program
flux.lock @c program
flux.node @A () -> ()
flux.flow @F () -> () {
  flux.constrained [@a write, @c write, @b write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}

// -----

// What the front end refuses is said with its own words, at the operation.
// expected-error @+1 {{Flux cannot say this: the layout of 'tag' is not known}}
flux.node @A (tag: !flux.c<"tag", 8, 8>) -> ()

// -----

// What it would take for something else is refused, too.
// expected-error @+1 {{Flux cannot say this: the nearest program means something else}}
flux.node @A (a: !flux.c<"uint32_t" = "unsigned long">) -> ()

// -----

// expected-error @+1 {{Flux cannot say this: the nearest program means something else}}
flux.node @A () -> () {note = "kept"}

// -----

// The flow around a source's node has the node's constraint, and nothing else.
flux.node @Tick () -> ()
// expected-error @+1 {{Flux cannot say this: the nearest program means something else}}
flux.flow @Tick.source () -> () {
  flux.call @Tick() : () -> ()
  flux.return
}
flux.source @Tick.source -> @Tick
