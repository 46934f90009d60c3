// RUN: flux-opt %s --split-input-file --verify-diagnostics

// Each rule of the dialect, broken once.

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

// expected-error @+1 {{'point' is neither arithmetic nor a pointer and needs a size and alignment}}
flux.node @A (a: !flux.c<"point">) -> ()

// -----

// A size that is no multiple of the alignment.
// expected-error @+1 {{size 3 and alignment 2 of 'point' are no layout of a C type}}
flux.node @A (a: !flux.c<"point", 3, 2>) -> ()

// -----

// expected-error @+1 {{size 8 and alignment 3 of 'point' are no layout of a C type}}
flux.node @A (a: !flux.c<"point", 8, 3>) -> ()

// -----

// expected-error @+1 {{size 0 and alignment 0 of 'point' are no layout of a C type}}
flux.node @A (a: !flux.c<"point", 0, 0>) -> ()

// -----

// expected-error @+1 {{takes and produces values of C types only}}
flux.node @A (a: i32) -> ()

// -----

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected 'program' or 'session', found 'thread'}}
flux.lock @l thread

// -----

// expected-error @+1 {{attribute 'rank' failed to satisfy constraint: 32-bit signless integer attribute whose value is non-negative}}
flux.lock @l program rank -1

// -----

// expected-note @+1 {{see existing symbol definition here}}
flux.node @A () -> ()
// expected-error @+1 {{redefinition of symbol named 'A'}}
flux.flow @A () -> () {
  flux.return
}

// -----

// expected-error @+1 {{needs a name for each input and output}}
"flux.node"() <{sym_name = "A", function_type = (!flux.c<"int">) -> (), input_names = [], output_names = []}> : () -> ()

// -----

// expected-error @+1 {{has a body whose arguments are not its inputs}}
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: i32):
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{expects parent op 'builtin.module'}}
  flux.lock @l program
  flux.return
}

// -----

flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  // expected-error @+1 {{is not of the flux dialect but stands in flow 'F'}}
  %0 = builtin.unrealized_conversion_cast %a : !flux.c<"int"> to !flux.c<"int">
  flux.return
}

// -----

//===----------------------------------------------------------------------===//
// Sources and handlers
//===----------------------------------------------------------------------===//

flux.node @A () -> ()
// expected-error @+1 {{needs a node or a flow, but 'Listen' is not defined}}
flux.source @Listen -> @A

// -----

flux.node @A () -> ()
flux.lock @l program
// expected-error @+1 {{needs a node or a flow, but 'l' is something else}}
flux.source @A -> @l

// -----

flux.node @A (a: !flux.c<"int">) -> ()
// expected-error @+1 {{calls 'A', which takes inputs that nothing produces}}
flux.source @A -> @A

// -----

flux.node @A () -> (a: !flux.c<"int">)
// expected-error @+1 {{starts 'A', whose outputs nothing takes}}
flux.source @A -> @A

// -----

flux.node @A () -> (a: !flux.c<"int">)
flux.node @B (a: !flux.c<"long">) -> ()
// expected-error @+1 {{starts 'B' with what 'A' produces, but their types differ}}
flux.source @A -> @B

// -----

// expected-error @+1 {{needs a function whose errors it handles}}
flux.handler [] -> "H"

// -----

// expected-error @+1 {{needs a node or a flow, but 'A' is not defined}}
flux.handler [@A] -> "H"

// -----

flux.node @A () -> ()
// expected-error @+1 {{leads through 'A', which is not a flow}}
flux.handler [@A, @A] -> "H"

// -----

flux.node @A () -> ()
// expected-error @+1 {{names 'A', which is not a lock}}
flux.handler [@A] -> "H" under [@A write]

// -----

flux.node @A () -> ()
flux.lock @l program
// expected-error @+1 {{takes lock 'l' twice}}
flux.handler [@A] -> "H" under [@l write, @l read]

// -----

//===----------------------------------------------------------------------===//
// Inside a flow
//===----------------------------------------------------------------------===//

flux.flow @F () -> () {
  // expected-error @+1 {{needs a node or a flow, but 'A' is not defined}}
  flux.call @A() : () -> ()
  flux.return
}

// -----

// expected-note @+1 {{declared here}}
flux.node @A (a: !flux.c<"long">) -> ()
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  // expected-error @+1 {{does not agree with the signature of 'A'}}
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.return
}

// -----

// The same type under another name agrees.
flux.node @A (a: !flux.c<"descriptor" = "int">) -> ()
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.return
}

// -----

flux.flow @F () -> (a: !flux.c<"int">) {
  // expected-error @+1 {{does not give the outputs of flow 'F'}}
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{expects parent op to be one of 'flux.constrained, flux.dispatch'}}
  flux.yield
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{needs at least one lock}}
  flux.constrained [] {
    flux.yield
  }
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{names 'l', which is not a lock}}
  flux.constrained [@l write] {
    flux.yield
  }
  flux.return
}

// -----

flux.lock @l program
flux.flow @F () -> () {
  // expected-error @+1 {{takes lock 'l' twice}}
  flux.constrained [@l read, @l write] {
    flux.yield
  }
  flux.return
}

// -----

flux.lock @l program
flux.flow @F () -> () {
  // expected-error @+1 {{expected 'read' or 'write', found 'share'}}
  flux.constrained [@l share] {
    flux.yield
  }
  flux.return
}

// -----

flux.lock @l program
flux.flow @F () -> () {
  // expected-error @+1 {{has results that its region does not give}}
  %0 = flux.constrained [@l write] -> !flux.c<"int"> {
    // expected-note @+1 {{the region ends here}}
    flux.yield
  }
  flux.return
}

// -----

flux.lock @l program
flux.flow @F () -> () {
  // expected-error @+1 {{region should have no arguments}}
  flux.constrained [@l write] {
  ^bb0(%a: !flux.c<"int">):
    flux.yield
  }
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{needs at least one case}}
  flux.dispatch()
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{needs one pattern for each case}}
  "flux.dispatch"() <{patterns = []}> ({
    flux.yield
  }) : () -> ()
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{needs patterns of '_' and predicates}}
  "flux.dispatch"() <{patterns = [1]}> ({
    flux.yield
  }) : () -> ()
  flux.return
}

// -----

flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  // expected-error @+1 {{has a case with 2 patterns for 1 fields}}
  flux.dispatch(%a : !flux.c<"int">)
  case [_, _] {
    flux.yield
  }
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{has results that its region does not give}}
  %0 = flux.dispatch() -> !flux.c<"int">
  case [] {
    // expected-note @+1 {{the region ends here}}
    flux.yield
  }
  flux.return
}

// -----

flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  // expected-error @+1 {{asks 'p', which is not a predicate}}
  flux.dispatch(%a : !flux.c<"int">)
  case [@p] {
    flux.yield
  }
  flux.return
}

// -----

flux.predicate @p calls "P"
flux.flow @F (a: !flux.c<"point", 4, 2>) -> () {
^bb0(%a: !flux.c<"point", 4, 2>):
  // expected-error @+1 {{asks predicate 'p' about a record, which is not passed by value}}
  flux.dispatch(%a : !flux.c<"point", 4, 2>)
  case [@p] {
    flux.yield
  }
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{region should have no arguments}}
  flux.dispatch()
  case [] {
  ^bb0(%a: !flux.c<"int">):
    flux.yield
  }
  flux.return
}

// -----

// expected-error @+1 {{names the unknown model 'threads'; the models are thread, pool}}
module attributes {flux.models = ["threads"]} {}

// -----

// expected-error @+1 {{needs 'flux.models' to be a module's list of names}}
module attributes {flux.models = 3 : i32} {}

// -----

// expected-error @+1 {{has an attribute 'flux.model' that Flux does not know}}
module attributes {flux.model = ["thread"]} {}
