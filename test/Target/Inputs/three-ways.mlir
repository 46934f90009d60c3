flux.node @S () -> ()
flux.flow @F () -> () {
  flux.return
}
flux.flow @G () -> () {
  flux.return
}
flux.flow @H () -> () {
  flux.return
}
flux.source @S -> @F
flux.source @S -> @G
