flux.node @A (a: !flux.c<"point", 8, 3>) -> ()
