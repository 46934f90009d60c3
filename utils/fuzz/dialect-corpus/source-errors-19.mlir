flux.node @Tick () -> ()
flux.flow @Tick.source () -> () {
  flux.call @Tick() : () -> ()
  flux.return
}
flux.source @Tick.source -> @Tick
