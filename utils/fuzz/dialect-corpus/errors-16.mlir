flux.node @A () -> (a: !flux.c<"int">)
flux.node @B (a: !flux.c<"long">) -> ()
flux.source @A -> @B
