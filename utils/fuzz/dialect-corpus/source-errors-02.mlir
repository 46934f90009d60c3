flux.lock @cache program
flux.node @A () -> ()
flux.flow @F () -> () {
  flux.constrained [@cache read] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.constrained [@cache write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}
