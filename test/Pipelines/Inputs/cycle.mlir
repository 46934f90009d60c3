// IR that no front end has seen.
flux.flow @F () -> () {
  flux.call @F() : () -> ()
  flux.return
}
