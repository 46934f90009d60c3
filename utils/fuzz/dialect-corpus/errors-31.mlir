flux.lock @l program
flux.flow @F () -> () {
  %0 = flux.constrained [@l write] -> !flux.c<"int"> {
    flux.yield
  }
  flux.return
}
