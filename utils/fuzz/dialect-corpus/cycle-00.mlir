flux.flow @F () -> () {
  flux.call @F() : () -> ()
  flux.return
}
