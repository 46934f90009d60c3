flux.lock @peer session
flux.node @Listen () -> ()
flux.node @A () -> ()
flux.flow @F () -> () {
  flux.constrained [@peer write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}
flux.source @Listen -> @F
