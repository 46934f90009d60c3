flux.predicate @odd calls "IsOdd"
flux.node @A (a: !flux.c<"int">) -> ()
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [@odd] {
    flux.yield
  }
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.return
}
