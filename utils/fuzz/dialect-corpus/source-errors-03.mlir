flux.lock @cache program
flux.node @Tick () -> ()
flux.node @A () -> ()
flux.flow @F () -> () {
  flux.constrained [@cache read] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.call @Tick() : () -> ()
  flux.return
}
flux.source @Tick -> @A
