// RUN: flux-translate --flux-to-dot %s | FileCheck %s
// RUN: %if dot %{ flux-translate --flux-to-dot %s | dot -Tsvg | FileCheck %s --check-prefix=SVG %}

// A program is called after its file, which may be called anything; quotes and backslashes do not end or change the text.
// CHECK: digraph "a \"b\" \\N\\"
// SVG: a &quot;b&quot; \\N\\
module @"a \22b\22 \\N\\" {
  flux.node @A (a: !flux.c<"int">) -> ()
  flux.flow @F (a: !flux.c<"int">) -> () {
  ^bb0(%a: !flux.c<"int">):
    flux.call @A(%a) : (!flux.c<"int">) -> ()
    flux.return
  }
}
