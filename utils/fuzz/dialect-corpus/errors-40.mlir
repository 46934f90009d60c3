flux.flow @F () -> () {
  flux.dispatch()
  case [] {
  ^bb0(%a: !flux.c<"int">):
    flux.yield
  }
  flux.return
}
