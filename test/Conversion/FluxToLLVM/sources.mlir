// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Sources: a function that polls and one that runs a flow, for each.

flux.node @Listen () -> (a: !flux.c<"int">)
flux.node @Serve (a: !flux.c<"int">) -> ()
flux.source @Listen -> @Page session "PeerOf"
flux.source @Start -> @Serve
flux.handler [@Listen] -> "Lost"

flux.flow @Page (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.call @Serve(%a) : (!flux.c<"int">) -> ()
  flux.return
}
flux.flow @Start () -> (a: !flux.c<"int">) {
  %0 = flux.call @Listen() : () -> !flux.c<"int">
  flux.return %0 : !flux.c<"int">
}

// A flow that only other flows run has no errors but errors; in one that a source polls, some are for the runtime.
// CHECK-LABEL: llvm.func internal @flux.flow.Page
// CHECK: llvm.call @flux_ir_fail
// CHECK-NOT: llvm.icmp
// CHECK: llvm.return
// CHECK-LABEL: llvm.func internal @flux.flow.Start
// CHECK: %[[IS_ERROR:.*]] = llvm.call @flux_ir_fail
// CHECK: llvm.icmp "eq" %[[IS_ERROR]],

// A node writes straight into the new flow's input, of which the session function names the session. What the node fails
// with goes to its handler, which takes the error alone, unless it is for the runtime; either way the runtime gets it.
// CHECK-LABEL: llvm.func internal @flux.poll.0
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr, %[[SESSION:.*]]: !llvm.ptr) -> i32
// CHECK: %[[ANSWER:.*]] = llvm.call @Listen(%[[INPUT]])
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[FAILED:bb[0-9]+]](%[[ANSWER]] : i32)
// CHECK: %[[PEER:.*]] = llvm.call @PeerOf(%[[INPUT]]) : (!llvm.ptr) -> i64
// CHECK: llvm.store %[[PEER]], %[[SESSION]]
// CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: llvm.return %[[ZERO]]
// CHECK: ^[[FAILED]](%[[WHY:.*]]: i32):
// CHECK: %[[IS_ERROR:.*]] = llvm.call @flux_ir_fail(%[[CX]], %{{.*}}, %[[WHY]])
// CHECK: %[[ENDS:.*]] = llvm.icmp "eq" %[[IS_ERROR]],
// CHECK: %[[ENDED:.*]] = llvm.mlir.constant(1 : i32)
// CHECK: llvm.cond_br %[[ENDS]], ^[[LEAVE:bb[0-9]+]](%[[ENDED]] : i32), ^
// CHECK: llvm.call @Lost(%[[WHY]]) : (i32) -> ()
// CHECK: ^[[LEAVE]](%[[STATUS:.*]]: i32):
// CHECK: llvm.icmp "eq" %[[STATUS]], %{{.*}}
// CHECK: llvm.call @flux_ir_unhandled(%[[CX]])
// CHECK: %[[ERROR:.*]] = llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> i32
// CHECK: llvm.return %[[ERROR]]

// The flow begins with no scope. An error that no handler took is reported at its outside, and only there.
// CHECK-LABEL: llvm.func internal @flux.run.0
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr) {
// CHECK: %[[NONE:.*]] = llvm.mlir.constant(0 : i64)
// CHECK: %[[STATUS:.*]] = llvm.call @flux.flow.Page(%[[CX]], %[[NONE]], %[[INPUT]],
// CHECK: %[[FAILED:.*]] = llvm.mlir.constant(2 : i32)
// CHECK: llvm.icmp "eq" %{{.*}}, %[[FAILED]]
// CHECK: llvm.call @flux_ir_unhandled(%[[CX]])

// A source that is a flow.
// CHECK-LABEL: llvm.func internal @flux.poll.1
// CHECK: llvm.call @flux.flow.Start(
// CHECK: llvm.call @flux_ir_unhandled

// A target that is a node.
// CHECK-LABEL: llvm.func internal @flux.run.1
// CHECK: llvm.call @Serve(

// Both stand in the table with the size and alignment of the input.
// CHECK-LABEL: llvm.mlir.global private constant @flux.sources()
// CHECK: %[[SIZE:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: %[[ALIGN:.*]] = llvm.mlir.constant(4 : i64)
// CHECK: llvm.mlir.addressof @flux.poll.0
// CHECK: llvm.mlir.addressof @flux.run.0
// CHECK: llvm.mlir.addressof @flux.poll.1
// CHECK: llvm.mlir.addressof @flux.run.1
