flux.lock @l program
flux.flow @F () -> () {
  flux.constrained [@l share] {
    flux.yield
  }
  flux.return
}
