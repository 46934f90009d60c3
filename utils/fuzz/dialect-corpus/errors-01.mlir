flux.node @A (a: !flux.c<"point", 3, 2>) -> ()
