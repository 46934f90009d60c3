flux.flow @F () -> (a: !flux.c<"int">) {
  flux.return
}
