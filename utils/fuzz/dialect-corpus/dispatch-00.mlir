flux.predicate @small calls "IsSmall"
flux.predicate @late calls "IsLate"
flux.predicate @set calls "IsSet"
flux.predicate @near calls "IsNear"
flux.predicate @here calls "IsHere"
flux.node @A (a: !flux.c<"int">, b: !flux.c<"double">) -> ()

flux.flow @Choose (a: !flux.c<"int">, b: !flux.c<"double">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">)
  case [@small, @late] {
    flux.yield
  }
  case [_, @late] {
    flux.call @A(%a, %b) : (!flux.c<"int">, !flux.c<"double">) -> ()
    flux.yield
  }
  flux.return
}

flux.flow @CatchAll (a: !flux.c<"int">, b: !flux.c<"double">) -> (c: !flux.c<"int">) {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  %0 = flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">) -> !flux.c<"int">
  case [@small, _] {
    flux.yield %a : !flux.c<"int">
  }
  case [_, _] {
    flux.yield %a : !flux.c<"int">
  }
  case [_, @late] {
    flux.yield %a : !flux.c<"int">
  }
  flux.return %0 : !flux.c<"int">
}

flux.flow @Narrow (a: !flux.c<"bool">, b: !flux.c<"short">, c: !flux.c<"char *">) -> () {
^bb0(%a: !flux.c<"bool">, %b: !flux.c<"short">, %c: !flux.c<"char *">):
  flux.dispatch(%a, %b, %c : !flux.c<"bool">, !flux.c<"short">, !flux.c<"char *">)
  case [@set, @near, @here] {
    flux.yield
  }
  case [_, _, _] {
    flux.yield
  }
  flux.return
}
