// RUN: flux-opt %s --convert-flux-to-llvm=debug | FileCheck %s
// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s --check-prefix=PLAIN

// In a debug build outputs are zero until a node sets them, those of a source in the new flow's input; a side that is not there is not.
// Else nobody pays for that.

flux.node @Listen () -> (a: !flux.c<"int">, b: !flux.c<"char">)
flux.node @Serve (a: !flux.c<"int">, b: !flux.c<"char">) -> ()
flux.source @Listen -> @Serve

// CHECK-LABEL: llvm.func internal @flux.poll.0
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr)
// CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i8)
// CHECK: %[[SIZE:.*]] = llvm.mlir.constant(8 : i64)
// CHECK: "llvm.intr.memset"(%[[INPUT]], %[[ZERO]], %[[SIZE]])
// CHECK: llvm.call @Listen(%[[INPUT]])
// CHECK-LABEL: llvm.func internal @flux.run.0
// CHECK-NOT: memset

// PLAIN-NOT: memset
