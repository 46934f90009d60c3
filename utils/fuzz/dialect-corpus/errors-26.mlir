flux.flow @F () -> () {
  flux.yield
}
