flux.lock @first program rank 0
flux.lock @second session rank 5
flux.node @A (a: !flux.c<"int">) -> ()

flux.flow @Region (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.constrained [@second write, @first read] {
    flux.call @A(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}

flux.flow @Result (a: !flux.c<"int">) -> (a: !flux.c<"int">) {
^bb0(%a: !flux.c<"int">):
  %0 = flux.constrained [@first read] -> !flux.c<"int"> {
    flux.yield %a : !flux.c<"int">
  }
  flux.return %0 : !flux.c<"int">
}
