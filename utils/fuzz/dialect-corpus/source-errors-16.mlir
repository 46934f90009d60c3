flux.node @A (a: !flux.c<"uint32_t" = "unsigned long">) -> ()
