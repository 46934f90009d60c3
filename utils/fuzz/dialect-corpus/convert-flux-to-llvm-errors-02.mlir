flux.node @A (a: !flux.c<"int">) -> ()
flux.handler [@A] -> "A"
