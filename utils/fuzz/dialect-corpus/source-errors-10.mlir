flux.lock @a program
flux.lock @b program
flux.lock @c program
flux.node @A () -> ()
flux.flow @F () -> () {
  flux.constrained [@a write, @c write, @b write] {
    flux.call @A() : () -> ()
    flux.yield
  }
  flux.return
}
