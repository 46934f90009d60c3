flux.node @A (new: !flux.c<"int">) -> ()
