flux.node @Make () -> (a: !flux.c<"char">, b: !flux.c<"int">)
flux.node @Take (a: !flux.c<"char">, b: !flux.c<"int">) -> ()
flux.node @Tick () -> ()

flux.flow @Nodes () -> () {
  %0:2 = flux.call @Make() : () -> (!flux.c<"char">, !flux.c<"int">)
  flux.call @Take(%0#0, %0#1) : (!flux.c<"char">, !flux.c<"int">) -> ()
  flux.call @Tick() : () -> ()
  flux.return
}

flux.flow @Outer (x: !flux.c<"int">) -> (x: !flux.c<"int">) {
^bb0(%x: !flux.c<"int">):
  %0 = flux.call @Inner(%x) : (!flux.c<"int">) -> !flux.c<"int">
  flux.return %0 : !flux.c<"int">
}

flux.flow @Inner (x: !flux.c<"int">) -> (x: !flux.c<"int">) {
^bb0(%x: !flux.c<"int">):
  flux.return %x : !flux.c<"int">
}
