flux.lock @log program rank 0
flux.node @A (a: !flux.c<"int">) -> ()
flux.node @Tick () -> ()
flux.handler [@A] -> "Always"
flux.handler [@Tick] -> "Bare"
flux.handler [@Inner] -> "OfFlow"
flux.handler [@Outer, @Inner, @A] -> "Deep" under [@log write]

flux.flow @Outer (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @Inner(%a) : (!flux.c<"int">) -> ()
  flux.return
}

flux.flow @Inner (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @A(%a) : (!flux.c<"int">) -> ()
  flux.call @Tick() : () -> ()
  flux.return
}
