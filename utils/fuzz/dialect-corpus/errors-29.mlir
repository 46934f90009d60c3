flux.lock @l program
flux.flow @F () -> () {
  flux.constrained [@l read, @l write] {
    flux.yield
  }
  flux.return
}
