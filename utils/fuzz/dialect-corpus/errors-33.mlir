flux.flow @F () -> () {
  flux.dispatch()
  flux.return
}
