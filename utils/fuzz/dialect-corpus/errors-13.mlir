flux.node @A () -> ()
flux.lock @l program
flux.source @A -> @l
