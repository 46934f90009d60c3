flux.node @A (a: i32) -> ()
