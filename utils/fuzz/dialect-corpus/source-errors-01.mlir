flux.lock @cache program
flux.flow @Inner () -> () {
  flux.return
}
flux.flow @F () -> () {
  flux.constrained [@cache write] {
    flux.call @Inner() : () -> ()
    flux.yield
  }
  flux.call @Inner() : () -> ()
  flux.return
}
