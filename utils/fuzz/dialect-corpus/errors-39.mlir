flux.predicate @p calls "P"
flux.flow @F (a: !flux.c<"point", 4, 2>) -> () {
^bb0(%a: !flux.c<"point", 4, 2>):
  flux.dispatch(%a : !flux.c<"point", 4, 2>)
  case [@p] {
    flux.yield
  }
  flux.return
}
