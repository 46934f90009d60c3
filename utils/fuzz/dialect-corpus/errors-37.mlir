flux.flow @F () -> () {
  %0 = flux.dispatch() -> !flux.c<"int">
  case [] {
    flux.yield
  }
  flux.return
}
