flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [_, _] {
    flux.yield
  }
  flux.return
}
