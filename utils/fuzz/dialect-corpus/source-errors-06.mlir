flux.node @A (a: !flux.c<"int">) -> (a: !flux.c<"int">)
flux.flow @F (a: !flux.c<"int">) -> (a: !flux.c<"int">) {
^bb0(%a: !flux.c<"int">):
  %0 = flux.call @A(%a) : (!flux.c<"int">) -> !flux.c<"int">
  flux.return %a : !flux.c<"int">
}
