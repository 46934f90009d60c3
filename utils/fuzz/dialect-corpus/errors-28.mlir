flux.flow @F () -> () {
  flux.constrained [@l write] {
    flux.yield
  }
  flux.return
}
