flux.node @A (a: !flux.c<"int">) -> ()
flux.source @A -> @A
