flux.predicate @p calls "P"
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"double">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"double">):
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"double">)
  case [@p, @p] {
    flux.yield
  }
  flux.return
}
