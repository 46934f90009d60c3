flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [@p] {
    flux.yield
  }
  flux.return
}
