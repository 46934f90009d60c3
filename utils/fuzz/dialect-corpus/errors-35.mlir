flux.flow @F () -> () {
  "flux.dispatch"() <{patterns = [1]}> ({
    flux.yield
  }) : () -> ()
  flux.return
}
