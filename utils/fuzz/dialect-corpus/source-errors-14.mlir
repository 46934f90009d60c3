flux.node @Listen () -> ()
flux.node @A () -> ()
flux.source @Listen -> @A
flux.source @Listen -> @A
