// RUN: flux-opt %s --flux-mark-blocking | FileCheck %s

// Only what the program declares counts: the model runs nodes that are declared blocking, and what was marked before stays so.

// CHECK: flux.node @Declared () -> () blocking {by_model}
flux.node @Declared () -> () blocking
// CHECK: flux.node @Promised () -> () nonblocking{{ *$}}
flux.node @Promised () -> () nonblocking
// CHECK: flux.node @Inferred () -> () {blocks = #flux.blocks<may, "it calls 'read'">}
flux.node @Inferred () -> () {blocks = #flux.blocks<may, "it calls 'read'">}
// CHECK: flux.node @Marked () -> () {by_model}
flux.node @Marked () -> () {by_model}
// CHECK: flux.node @Unknown () -> (){{ *$}}
flux.node @Unknown () -> ()
flux.source @Declared -> @Promised
flux.source @Inferred -> @Marked
flux.source @Unknown -> @Unknown
