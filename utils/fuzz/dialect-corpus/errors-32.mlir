flux.lock @l program
flux.flow @F () -> () {
  flux.constrained [@l write] {
  ^bb0(%a: !flux.c<"int">):
    flux.yield
  }
  flux.return
}
