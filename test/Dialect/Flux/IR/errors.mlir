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

// The spelling goes into the generated header, where it must be one type and nothing else.
// expected-error @+1 {{'int a; int' does not spell a type that can travel between nodes}}
flux.node @A (a: !flux.c<"int a; int" = "int">) -> ()

// -----

// expected-error @+1 {{'point &' does not spell a type that can travel between nodes}}
flux.node @A (a: !flux.c<"point &", 8, 8>) -> ()

// -----

// expected-error @+1 {{'void' does not spell a type that can travel between nodes}}
flux.node @A (a: !flux.c<"void", 1, 1>) -> ()

// -----

// Within a template's arguments there may be anything that C++ has there.
flux.node @A (a: !flux.c<"std::tuple<point &, int[2]>", 16, 8>) -> ()

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

// Keywords of C and C++ name no function, nor what the runtime defines.
// expected-error @+1 {{'while' is a keyword of C or C++ and cannot name a node}}
flux.node @while () -> ()

// -----

// expected-error @+1 {{'class' is a keyword of C or C++ and cannot name a flow}}
flux.flow @class () -> () {
  flux.return
}

// -----

// expected-error @+1 {{'operator' is a keyword of C or C++ and cannot name a predicate's function}}
flux.predicate @odd calls "operator"

// -----

// expected-error @+1 {{'main' is defined by the Flux runtime and cannot name a node}}
flux.node @main () -> ()

// -----

// expected-error @+1 {{'flux_ir_fail' is defined by the Flux runtime and cannot name a node}}
flux.node @flux_ir_fail () -> ()

// -----

// What the model runs may park, so no lock may be missing because it does not.
// expected-error @+1 {{node 'Hash' is guarded, since its calls do not park, but run by the model, where they may}}
flux.node @Hash () -> () {by_model, guarded}

// -----

// A node is a C function, so it has the name of one.
// expected-error @+1 {{'two words' cannot name a node: names are letters, digits and _, and begin with no digit}}
flux.node @"two words" () -> ()

// -----

// expected-error @+1 {{'' cannot name a node}}
flux.node @"" () -> ()

// -----

// expected-error @+1 {{'2nd' cannot name a flow}}
flux.flow @"2nd" () -> () {
  flux.return
}

// -----

// Around a node with a constraint that a source starts there is a flow of the compiler's own. No other has a dot.
flux.flow @A.flow () -> () {
  flux.return
}
flux.flow @A.source () -> () {
  flux.return
}
// expected-error @+1 {{'A.poll' cannot name a flow}}
flux.flow @A.poll () -> () {
  flux.return
}

// -----

// Of names that C never sees, too, there are no others.
// expected-error @+1 {{'a lock' cannot name a lock}}
flux.lock @"a lock" program

// -----

// expected-error @+1 {{'_' cannot name a predicate}}
flux.predicate @_ calls "P"

// -----

// expected-error @+1 {{'not-c' cannot name a predicate's function}}
flux.predicate @p calls "not-c"

// -----

// expected-error @+1 {{'new' is a keyword of C or C++ and cannot name an argument}}
flux.node @A (new: !flux.c<"int">) -> ()

// -----

// expected-error @+1 {{'a b' cannot name an argument}}
flux.node @A () -> ("a b": !flux.c<"int">)

// -----

// expected-error @+1 {{two inputs are named 'a'}}
flux.node @A (a: !flux.c<"int">, a: !flux.c<"char">) -> ()

// -----

// expected-error @+1 {{two outputs are named 'b'}}
flux.flow @F (b: !flux.c<"int">) -> (b: !flux.c<"int">, b: !flux.c<"int">) {
^bb0(%b: !flux.c<"int">):
  flux.return %b, %b : !flux.c<"int">, !flux.c<"int">
}

// -----

// The generated header has a struct of that name.
// expected-note @+1 {{'Read' is declared here}}
flux.node @Read () -> ()
// expected-error @+1 {{'Read_in' is the name of a struct that belongs to 'Read'}}
flux.node @Read_in () -> ()

// -----

// expected-error @+1 {{the header's name is empty}}
flux.include " "

// -----

// expected-error @+1 {{the header's name has a character that no #include can hold}}
flux.include "a.h\22\0A#error"

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

// A program is a module, and no part of anything: passes would not look at it.
// expected-note @+1 {{which is here}}
module {
  module {
    // expected-error @+1 {{a Flux program is a module of its own, but this one stands in another operation}}
    flux.lock @l program
  }
}

// -----

flux.node @A () -> ()
// expected-error @+1 {{expects parent op to be one of 'flux.flow, flux.constrained, flux.dispatch'}}
flux.call @A() : () -> ()

// -----

flux.lock @l program
// expected-error @+1 {{expects parent op to be one of 'flux.flow, flux.constrained, flux.dispatch'}}
flux.constrained [@l write] {
  flux.yield
}

// -----

// expected-error @+1 {{expects parent op to be one of 'flux.flow, flux.constrained, flux.dispatch'}}
flux.dispatch()
case [] {
  flux.yield
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

flux.node @A () -> ()
// expected-error @+1 {{'delete' is a keyword of C or C++ and cannot name a handler}}
flux.handler [@A] -> "delete"

// -----

flux.node @S () -> ()
flux.node @A () -> ()
// expected-error @+1 {{'' cannot name a session's function}}
flux.source @S -> @A session ""

// -----

flux.node @S () -> ()
flux.node @A () -> ()
// expected-note @+1 {{the first time is here}}
flux.source @S -> @A
// expected-error @+1 {{source 'S' starts 'A' twice}}
flux.source @S -> @A session "Other"

// -----

// Two handlers for one place.
flux.node @A () -> ()
// expected-note @+1 {{the first is here}}
flux.handler [@A] -> "H"
// expected-error @+1 {{errors of 'A' have two handlers in the same place}}
flux.handler [@A] -> "Other"

// -----

// A handler of what never runs there, one flow further out each time.
flux.node @A () -> ()
flux.node @B () -> ()
flux.flow @Inner () -> () {
  flux.call @A() : () -> ()
  flux.return
}
flux.flow @Outer () -> () {
  flux.call @Inner() : () -> ()
  flux.return
}
flux.handler [@Inner, @A] -> "H"
flux.handler [@Outer, @A] -> "H"
flux.handler [@Outer, @Inner, @A] -> "H"
// expected-note @-7 {{'Outer' is declared here}}
// expected-error @+1 {{'B' never runs within 'Outer', so this handler would never be called}}
flux.handler [@Outer, @B] -> "H"

// -----

// No flow runs within itself.
flux.node @A () -> ()
// expected-note @+1 {{'F' is declared here}}
flux.flow @F () -> () {
  flux.call @A() : () -> ()
  flux.return
}
// expected-error @+1 {{'F' never runs within 'F'}}
flux.handler [@F, @F] -> "H"

// -----

// One C function cannot be two things: their prototypes differ.
// expected-note @+1 {{it is a node here}}
flux.node @A (a: !flux.c<"int">) -> ()
// expected-error @+1 {{C function 'A' cannot be a handler and a node at once: their prototypes differ}}
flux.handler [@A] -> "A"

// -----

flux.node @S () -> ()
// expected-note @+1 {{it is a node here}}
flux.node @A () -> ()
// expected-error @+1 {{C function 'A' cannot be a session's function and a node at once}}
flux.source @S -> @A session "A"

// -----

// expected-note @+1 {{it is a predicate's function here}}
flux.predicate @p calls "F"
// expected-error @+1 {{C function 'F' cannot be a flow and a predicate's function at once}}
flux.flow @F () -> () {
  flux.return
}

// -----

// A handler of a function with an input and of one without.
flux.node @A (a: !flux.c<"int">) -> ()
flux.node @B () -> ()
// expected-note @+1 {{it serves 'A' here}}
flux.handler [@A] -> "H"
// expected-error @+1 {{handler 'H' serves 'A' and 'B', whose inputs differ; give each its own function}}
flux.handler [@B] -> "H"

// -----

// Other inputs of the same size differ, too.
flux.node @S () -> (a: !flux.c<"int">)
flux.node @T () -> (a: !flux.c<"unsigned int">)
flux.node @A (a: !flux.c<"int">) -> ()
flux.node @B (a: !flux.c<"unsigned int">) -> ()
// expected-note @+1 {{it serves 'A' here}}
flux.source @S -> @A session "Peer"
// expected-error @+1 {{session function 'Peer' serves 'A' and 'B', whose inputs differ}}
flux.source @T -> @B session "Peer"

// -----

// A session lock is only reached within a session.
flux.lock @peer session
flux.node @S () -> ()
flux.node @A () -> ()
flux.flow @Inner () -> () {
  // expected-note @+1 {{the constraint is here}}
  flux.constrained [@peer write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}
flux.flow @F () -> () {
  flux.call @Inner() : () -> ()
  flux.return
}
// expected-error @+1 {{source 'S' starts flows that reach session lock 'peer', but names no session}}
flux.source @S -> @F

// -----

// So is that of a handler.
flux.lock @peer session
flux.node @S () -> ()
flux.node @A () -> ()
// expected-note @+1 {{the constraint is here}}
flux.handler [@A] -> "H" under [@peer read]
// expected-error @+1 {{source 'S' starts flows that reach session lock 'peer', but names no session}}
flux.source @S -> @A

// -----

// What a source calls runs before there is a session.
flux.lock @peer session
flux.node @S () -> ()
flux.node @A () -> ()
flux.flow @S.source () -> () {
  // expected-note @+1 {{the constraint is here}}
  flux.constrained [@peer write] {
    flux.call @S() : () -> ()
    flux.yield
  }
  flux.return
}
// expected-error @+1 {{source 'S' reaches session lock 'peer' before its flow has a session}}
flux.source @S.source -> @A session "Peer"

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

// An earlier case accepts all that this one does.
flux.predicate @p calls "P"
flux.predicate @q calls "Q"
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"int">):
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"int">)
  case [_, @q] {
    // expected-note @+1 {{an earlier case accepts everything that it accepts}}
    flux.yield
  }
  case [@p, @q] {
    // expected-error @+1 {{this case of 'F' is never taken}}
    flux.yield
  }
  flux.return
}

// -----

// A predicate is asked about one type.
flux.predicate @p calls "P"
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"double">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  // expected-error @+2 {{predicate 'p' takes 'int', but 'b' is 'double'}}
  // expected-note @+1 {{the predicate's type comes from its first use}}
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">)
  case [@p, @p] {
    flux.yield
  }
  flux.return
}

// -----

// So is its C function, under whatever names.
flux.predicate @p calls "P"
flux.predicate @q calls "P"
flux.node @A () -> (x: !flux.c<"int">, y: !flux.c<"long">)
flux.flow @F () -> () {
  %0:2 = flux.call @A() : () -> (!flux.c<"int">, !flux.c<"long">)
  // expected-note @+1 {{the predicate's type comes from its first use}}
  flux.dispatch(%0#0 : !flux.c<"int">)
  case [@p] {
    flux.yield
  }
  // expected-error @+1 {{predicate 'q' takes 'int', but 'y' is 'long'}}
  flux.dispatch(%0#1 : !flux.c<"long">)
  case [@q] {
    flux.yield
  }
  flux.return
}

// -----

flux.flow @F () -> () {
  // expected-error @+1 {{expects a non-empty block}}
  "flux.dispatch"() <{patterns = [[]]}> ({
  ^bb0:
  }) : () -> ()
  flux.return
}

// -----

// A type that is none of C's is no reason to look at it as if it were.
flux.lock @l program
flux.flow @F () -> () {
  // expected-error @+1 {{has results that its region does not give}}
  %0 = flux.constrained [@l write] -> !flux.c<"int"> {
    %1 = "flux.call"() <{callee = @A}> : () -> i32
    // expected-note @+1 {{the region ends here}}
    "flux.yield"(%1) : (i32) -> ()
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

// The rules for sessions look at the region before it is found to name no lock.
flux.lock @peer session
flux.node @Listen () -> ()
flux.flow @F () -> () {
  // expected-error @+1 {{names 'l', which is not a lock}}
  flux.constrained [@l write] {
    flux.yield
  }
  flux.return
}
flux.source @Listen -> @F session "PeerOf"

// -----

// expected-error @+1 {{names the unknown model 'threads'; the models are thread, pool}}
module attributes {flux.models = ["threads"]} {}

// -----

// expected-error @+1 {{needs 'flux.models' to be a module's list of names}}
module attributes {flux.models = 3 : i32} {}

// -----

// expected-error @+1 {{has an attribute 'flux.model' that Flux does not know}}
module attributes {flux.model = ["thread"]} {}
