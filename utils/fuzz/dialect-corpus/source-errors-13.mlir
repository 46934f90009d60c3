flux.node @A (tag: !flux.c<"tag", 8, 8>) -> ()
