flux.node @A (a: !flux.c<"int">) -> ()
flux.node @B () -> ()
flux.handler [@A] -> "H"
flux.handler [@B] -> "H"
