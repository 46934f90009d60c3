// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Sources: a function that polls and one that runs a flow, for each.

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

// A node writes straight into the new flow's input; the runtime understands its answer.
// CHECK-LABEL: llvm.func internal @flux.poll.0
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr) -> i32
// CHECK: %[[ANSWER:.*]] = llvm.call @Listen(%[[INPUT]])
// CHECK: llvm.return %[[ANSWER]]

// The flow begins with no scope. An error that no handler took is reported at its outside, and only there.
// CHECK-LABEL: llvm.func internal @flux.run.0
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr) {
// CHECK: %[[NONE:.*]] = llvm.mlir.constant(0 : i64)
// CHECK: %[[STATUS:.*]] = llvm.call @flux.flow.Page(%[[CX]], %[[NONE]], %[[INPUT]],
// CHECK: %[[FAILED:.*]] = llvm.mlir.constant(2 : i32)
// CHECK: llvm.icmp "eq" %{{.*}}, %[[FAILED]]
// CHECK: llvm.call @flux_ir_unhandled(%[[CX]])

// A source that is a flow: FLUX_STOP in it ends the source, FLUX_AGAIN starts no flow, and neither is an error.
// CHECK-LABEL: llvm.func internal @flux.poll.1
// CHECK: llvm.call @flux.flow.Start(
// CHECK: %[[STOP:.*]] = llvm.mlir.constant(-1001 : i32)
// CHECK: llvm.icmp "eq" %{{.*}}, %[[STOP]]
// CHECK: %[[AGAIN:.*]] = llvm.mlir.constant(-1007 : i32)
// CHECK: llvm.icmp "eq" %{{.*}}, %[[AGAIN]]
// CHECK: llvm.call @flux_ir_unhandled

// A target that is a node.
// CHECK-LABEL: llvm.func internal @flux.run.1
// CHECK: llvm.call @Serve(

// Both stand in the table with the size and alignment of the input and the session function, where there is one.
// CHECK-LABEL: llvm.mlir.global private constant @flux.sources()
// CHECK: %[[SIZE:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: %[[ALIGN:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: llvm.mlir.addressof @flux.poll.0
// CHECK: llvm.mlir.addressof @flux.run.0
// CHECK: llvm.mlir.addressof @flux.poll.1
// CHECK: llvm.mlir.addressof @flux.run.1
