flux.node @A () -> ()
flux.flow @A () -> () {
  flux.return
}
