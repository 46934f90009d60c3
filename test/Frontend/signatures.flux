// RUN: flux-translate --import-flux %s | FileCheck %s

// Either arrow, empty sides, line breaks anywhere.
// CHECK: flux.node @Fat (a: !flux.c<"int">) -> (b: !flux.c<"int">)
Fat (int a) => (int b);
// CHECK: flux.node @Thin (a: !flux.c<"int">) -> (b: !flux.c<"int">)
Thin
  (int a)
  -> (int
  b);
// CHECK: flux.node @Empty () -> ()
Empty () => ();

// Names of inputs and outputs are two sets.
// CHECK: flux.node @Same (a: !flux.c<"int">) -> (a: !flux.c<"int">)
Same (int a) => (int a);

// A declaration of whether a node blocks stands with the node, in any order.
// CHECK: flux.node @Reads (fd: !flux.c<"int">) -> () blocking
// CHECK: flux.node @Hashes (a: !flux.c<"char *">) -> () nonblocking
// CHECK: flux.node @Unknown (a: !flux.c<"char *">) -> (){{ *$}}
blocking Reads;
Reads (int fd) => ();
Hashes (char *a) => ();
Unknown (char *a) => ();
nonblocking Hashes, Fat;

// A signature that belongs to a flow declares no node.
// CHECK-NOT: flux.node @Flow
// CHECK: flux.flow @Flow
Flow (int a) => (int b);
Flow = Fat;

// Nor does one that belongs to a handler.
// CHECK-NOT: flux.node @Failed
Failed (int a) => ();
handle error Thin => Failed;
