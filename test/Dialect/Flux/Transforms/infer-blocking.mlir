// RUN: flux-opt %s --flux-infer-blocking=nodes=%S/Inputs/nodes.ll,%S/Inputs/more-nodes.ll | FileCheck %s
// RUN: flux-opt %s --flux-infer-blocking=nodes=%S/Inputs/nodes.ll,%S/Inputs/more-nodes.ll 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: llvm-as %S/Inputs/nodes.ll -o %t.bc && flux-opt %s --flux-infer-blocking=nodes=%t.bc | FileCheck %s --check-prefix=ALONE
// RUN: flux-opt %s --flux-infer-blocking 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not flux-opt %s --flux-infer-blocking=nodes=%s 2>&1 | FileCheck %s --check-prefix=BAD
// RUN: not flux-opt %s --flux-infer-blocking=nodes=%t.missing 2>&1 | FileCheck %s --check-prefix=MISSING
// BAD: error: the nodes' code in '{{.*}}infer-blocking.mlir' cannot be read: expected top-level entity
// MISSING: error: the nodes' code in '{{.*}}.missing' cannot be read: {{.*}}No such file or directory

// What each node may block on, as an attribute for other passes and as a remark.

// Memory, strings, arithmetic and recursion.
// CHECK: flux.node @Quiet{{.*}} {blocks = #flux.blocks<never, "none of its calls does">}
// REMARK: remark: node 'Quiet' never blocks
flux.node @Quiet () -> (a: !flux.c<"int">)
// CHECK: flux.node @Store{{.*}} {blocks = #flux.blocks<may, "it calls 'save', which calls 'fsync' (store.c:12)">}
// REMARK: remark: node 'Store' may block: it calls 'save', which calls 'fsync' (store.c:12)
// REMARK: /somewhere/store.c:12:3: note: the call is here
flux.node @Store (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Ask{{.*}}"it calls 'mystery', of which nothing is known"
flux.node @Ask (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Assert{{.*}}<may, "it calls 'puts'">
flux.node @Assert (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Abort{{.*}}<never
flux.node @Abort () -> ()
// CHECK: flux.node @Declared{{.*}}"it calls 'cube', of which nothing is known"
flux.node @Declared () -> ()
// C++ functions are shown as one writes them.
// CHECK: flux.node @Find{{.*}}"it calls 'Map::find(int)', of which nothing is known"
flux.node @Find (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Through{{.*}}<may, "it calls through a pointer">
flux.node @Through (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Assembly{{.*}}<may, "it contains assembly">
flux.node @Assembly (a: !flux.c<"int">) -> ()
// A function that calls back blocks where that one does.
// CHECK: flux.node @Sort{{.*}}<never
flux.node @Sort (a: !flux.c<"int">) -> ()
// CHECK: flux.node @SortBy{{.*}}<may, "it calls through a pointer">
flux.node @SortBy (a: !flux.c<"int">) -> ()
// CHECK: flux.node @Weak{{.*}}"it calls 'Replaced', of which nothing is known"
flux.node @Weak () -> ()
// Another file of bitcode has the rest, or nobody has.
// CHECK: flux.node @Elsewhere{{.*}}<may, "it calls 'elsewhere', which calls 'usleep'">
// ALONE: flux.node @Elsewhere{{.*}}<may, "it calls 'elsewhere', of which nothing is known">
flux.node @Elsewhere () -> ()
// CHECK: flux.node @Missing{{.*}}<may, "its code is not known">
// REMARK: remark: node 'Missing' may block: its code is not known
// NOTHING: remark: node 'Missing' may block: its code is not known
flux.node @Missing () -> ()

// What is declared counts, and is no news; a promise that the code breaks is.
// CHECK: flux.node @Slow{{.*}} blocking {blocks = #flux.blocks<may, "it is declared blocking">}
// REMARK-NOT: 'Slow'
flux.node @Slow () -> () blocking
// CHECK: flux.node @Promised{{.*}} nonblocking {blocks = #flux.blocks<never, "it is declared nonblocking">}
// REMARK: [[@LINE+1]]:1: warning: node 'Promised' is declared nonblocking, but it calls 'read'
flux.node @Promised (a: !flux.c<"int">) -> () nonblocking

// CHECK: flux.predicate @hit calls "IsHit" {blocks = #flux.blocks<never
// REMARK: remark: predicate 'IsHit' never blocks
flux.predicate @hit calls "IsHit"
// CHECK: flux.handler [@Store] -> "Log" {blocks = #flux.blocks<may, "it calls 'read'">}
// REMARK: remark: handler 'Log' may block: it calls 'read'
flux.handler [@Store] -> "Log"
