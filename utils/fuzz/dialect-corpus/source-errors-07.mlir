flux.predicate @odd calls "IsOdd"
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"int">):
  flux.dispatch(%b : !flux.c<"int">)
  case [@odd] {
    flux.yield
  }
  flux.return
}
