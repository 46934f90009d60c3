flux.flow @F () -> () {
  flux.call @A() : () -> ()
  flux.return
}
