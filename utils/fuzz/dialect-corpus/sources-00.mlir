flux.node @Listen () -> (a: !flux.c<"int">)
flux.node @Serve (a: !flux.c<"int">) -> ()
flux.source @Listen -> @Page session "PeerOf"
flux.source @Start -> @Serve

flux.flow @Page (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @Serve(%a) : (!flux.c<"int">) -> ()
  flux.return
}
flux.flow @Start () -> (a: !flux.c<"int">) {
  %0 = flux.call @Listen() : () -> !flux.c<"int">
  flux.return %0 : !flux.c<"int">
}
