flux.node @Make () -> (tag: !flux.c<"char">, address: !flux.c<"sockaddr_in6", 28, 4>, wide: !flux.c<"vec", 32, 32>)
flux.node @Take (wide: !flux.c<"vec", 32, 32>, address: !flux.c<"sockaddr_in6", 28, 4>) -> ()

flux.flow @F () -> () {
  %0:3 = flux.call @Make() : () -> (!flux.c<"char">, !flux.c<"sockaddr_in6", 28, 4>, !flux.c<"vec", 32, 32>)
  flux.call @Take(%0#2, %0#1) : (!flux.c<"vec", 32, 32>, !flux.c<"sockaddr_in6", 28, 4>) -> ()
  flux.return
}
