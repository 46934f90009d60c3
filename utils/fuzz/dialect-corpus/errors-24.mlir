flux.node @A (a: !flux.c<"descriptor" = "int">) -> ()
flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.return
}
