flux.lock @a program rank 1
flux.lock @b program rank 2
flux.lock @guard program rank 0
flux.lock @own program rank 3
flux.node @Listen() -> ()
flux.node @Work() -> ()
flux.flow @Forth() -> () {
  flux.constrained [@guard write] {
    flux.constrained [@a write] {
      flux.constrained [@b write] {
        flux.call @Work() : () -> ()
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.flow @Back() -> () {
  flux.constrained [@own write] {
    flux.constrained [@b write] {
      flux.constrained [@a write] {
        flux.call @Work() : () -> ()
        flux.yield
      }
      flux.yield
    }
    flux.yield
  }
  flux.return
}
flux.source @Listen -> @Forth session "SessionOf"
flux.source @Listen -> @Back session "SessionOf"
