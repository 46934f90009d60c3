flux.lock @log program
flux.node @A () -> ()
flux.node @B () -> ()
flux.handler [@A] -> "H" under [@log write]
flux.handler [@B] -> "H"
