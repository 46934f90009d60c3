flux.node @"two words" () -> ()
