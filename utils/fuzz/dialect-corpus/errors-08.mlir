"flux.node"() <{sym_name = "A", function_type = (!flux.c<"int">) -> (), input_names = [], output_names = []}> : () -> ()
