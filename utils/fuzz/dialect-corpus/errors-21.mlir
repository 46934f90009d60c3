flux.node @A () -> ()
flux.lock @l program
flux.handler [@A] -> "H" under [@l write, @l read]
