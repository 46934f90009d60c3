flux.node @A () -> ()
flux.source @Listen -> @A
