flux.handler [@A] -> "H"
