flux.handler [] -> "H"
