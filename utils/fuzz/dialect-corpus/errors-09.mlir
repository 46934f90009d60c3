flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: i32):
  flux.return
}
