flux.node @A () -> () {note = "kept"}
