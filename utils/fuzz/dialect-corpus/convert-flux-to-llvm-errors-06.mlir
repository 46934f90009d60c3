flux.node @flux_ir_fail () -> ()
