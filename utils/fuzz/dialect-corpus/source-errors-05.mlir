flux.node @A () -> (a: !flux.c<"int">, b: !flux.c<"int">)
flux.node @B (a: !flux.c<"int">, b: !flux.c<"int">) -> ()
flux.flow @F () -> () {
  %0:2 = flux.call @A() : () -> (!flux.c<"int">, !flux.c<"int">)
  flux.call @B(%0#1, %0#0) : (!flux.c<"int">, !flux.c<"int">) -> ()
  flux.return
}
