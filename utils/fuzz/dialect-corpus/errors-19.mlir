flux.node @A () -> ()
flux.handler [@A, @A] -> "H"
