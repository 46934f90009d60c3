flux.node @"A () => (); B" () -> ()
