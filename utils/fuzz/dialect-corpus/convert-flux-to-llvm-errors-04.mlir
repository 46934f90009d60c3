flux.node @S () -> ()
flux.node @A () -> ()
flux.source @S -> @A session "A"
