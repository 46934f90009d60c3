flux.node @A (a: !flux.c<"point">) -> ()
