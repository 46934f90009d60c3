// RUN: flux-translate --flux-to-dot %s | FileCheck %s
// RUN: %if dot %{ flux-translate --flux-to-dot %s | dot -Tsvg | FileCheck %s --check-prefix=SVG %}

// Names of hand-written programs may hold anything; quotes and backslashes do not end or change the text.
// CHECK: label="a \"b\" \\N\\"
// CHECK: label="[_, is \"odd\"]"
// SVG: a &quot;b&quot; \N\
flux.predicate @"is \22odd\22" calls "IsOdd"
flux.node @"a \22b\22 \\N\\" (a: !flux.c<"int">, b: !flux.c<"int">) -> ()
flux.flow @F (a: !flux.c<"int">, b: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">, %b: !flux.c<"int">):
  flux.dispatch(%a, %b : !flux.c<"int">, !flux.c<"int">)
  case [_, @"is \22odd\22"] {
    flux.call @"a \22b\22 \\N\\"(%a, %b) : (!flux.c<"int">, !flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}
