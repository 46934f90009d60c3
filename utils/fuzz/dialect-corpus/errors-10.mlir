flux.flow @F () -> () {
  flux.lock @l program
  flux.return
}
