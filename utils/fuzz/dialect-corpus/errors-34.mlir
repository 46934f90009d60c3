flux.flow @F () -> () {
  "flux.dispatch"() <{patterns = []}> ({
    flux.yield
  }) : () -> ()
  flux.return
}
