flux.flow @F () -> () {
  flux.constrained [] {
    flux.yield
  }
  flux.return
}
