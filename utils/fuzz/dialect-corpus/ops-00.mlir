module @program {

flux.include "image_tag.h"

flux.lock @cache program
flux.lock @peer session rank 3
flux.lock @log program {note = "kept"}

flux.predicate @hit calls "TestInCache"

flux.node @Listen () -> (socket: !flux.c<"int">)
flux.node @Read (socket: !flux.c<"int">) -> (socket: !flux.c<"int">, ok: !flux.c<"bool">) blocking
flux.node @Reply (socket: !flux.c<"int">, ok: !flux.c<"bool">) -> () nonblocking
flux.node @Tick () -> ()

flux.node @Types (a: !flux.c<"unsigned long long">, b: !flux.c<"float">, c: !flux.c<"const char *">,
                  d: !flux.c<"uint32_t" = "unsigned int">, e: !flux.c<"struct sockaddr_in", 16, 4>,
                  f: !flux.c<"image_tag" = "image_tag_s", 24, 8>) -> ()

flux.node @Names (case: !flux.c<"int">, "with space": !flux.c<"int">) -> ()

flux.source @Listen -> @Page session "PeerOf"
flux.source @Tick -> @Tick

flux.flow @Page (socket: !flux.c<"int">) -> () {
^bb0(%socket: !flux.c<"int">):
  %read:2 = flux.constrained [@cache read, @peer write] -> !flux.c<"int">, !flux.c<"bool"> {
    %0:2 = flux.call @Read(%socket) : (!flux.c<"int">) -> (!flux.c<"int">, !flux.c<"bool">)
    flux.yield %0#0, %0#1 : !flux.c<"int">, !flux.c<"bool">
  }
  %chosen = flux.dispatch(%read#0, %read#1 : !flux.c<"int">, !flux.c<"bool">) -> !flux.c<"int">
  case [_, @hit] {
    flux.yield %read#0 : !flux.c<"int">
  }
  case [_, _] {
    flux.yield %read#0 : !flux.c<"int">
  }
  flux.constrained [@log write] {
    flux.call @Reply(%chosen, %read#1) : (!flux.c<"int">, !flux.c<"bool">) -> ()
    flux.yield
  }
  flux.return
}

flux.flow @Start () -> (socket: !flux.c<"int">) {
  %0 = flux.call @Listen() : () -> !flux.c<"int">
  flux.return %0 : !flux.c<"int">
}

flux.flow @Empty () -> () {
  flux.dispatch()
  case [] {
    flux.yield
  }
  flux.return
}

flux.handler [@Page, @Read] -> "FourOhFor" under [@log write]
flux.handler [@Page] -> "Lost"
}
