flux.node @A () -> ()
flux.handler [@A] -> "H" under [@A write]
