flux.flow @F (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  %0 = builtin.unrealized_conversion_cast %a : !flux.c<"int"> to !flux.c<"int">
  flux.return
}
