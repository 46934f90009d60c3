flux.node @A (a: !flux.c<"point", 0, 0>) -> ()
