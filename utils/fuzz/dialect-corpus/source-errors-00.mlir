flux.lock @cache program
flux.node @A () -> ()
flux.flow @F () -> () {
  flux.constrained [@cache write] {
    flux.call @A() : () -> ()
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.call @A() : () -> ()
  flux.return
}
