// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Constraints: one acquisition for each lock, in rank order whatever the text says, and releases in the opposite order.

flux.lock @first program rank 0
flux.lock @second session rank 5
flux.node @A (a: !flux.c<"int">) -> ()

// CHECK-LABEL: llvm.func internal @flux.flow.Region
// CHECK-SAME: %[[CX:[^:]*]]: !llvm.ptr
// Locks are numbered by rank; mode 1 writes, 0 reads.
// CHECK: %[[FIRST:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: %[[READ:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: llvm.call @flux_ir_acquire(%[[CX]], %[[FIRST]], %[[READ]])
// CHECK: %[[SECOND:.*]] = llvm.mlir.constant(1 : i32)
// CHECK: %[[WRITE:.*]] = llvm.mlir.constant(1 : i32)
// CHECK: llvm.call @flux_ir_acquire(%[[CX]], %[[SECOND]], %[[WRITE]])
// CHECK: llvm.call @A(
// CHECK: %[[LAST:.*]] = llvm.mlir.constant(1 : i32)
// CHECK: llvm.call @flux_ir_release(%[[CX]], %[[LAST]])
// CHECK: %[[THEN:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: llvm.call @flux_ir_release(%[[CX]], %[[THEN]])
// CHECK: llvm.return
// On the way of an error the runtime releases what is held.
// CHECK: llvm.call @flux_ir_fail(
// CHECK-NOT: llvm.call @flux_ir_release(
// CHECK: llvm.func
flux.flow @Region (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.constrained [@second write, @first read] {
    flux.call @A(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}

// Results of a region are values behind it.
// CHECK-LABEL: llvm.func internal @flux.flow.Result
// CHECK: %[[A:.*]] = llvm.load
// CHECK: llvm.call @flux_ir_acquire
// CHECK: llvm.call @flux_ir_release
// CHECK: llvm.store %[[A]]
flux.flow @Result (a: !flux.c<"int">) -> (a: !flux.c<"int">) {
^bb0(%a: !flux.c<"int">):
  %0 = flux.constrained [@first read] -> !flux.c<"int"> {
    flux.yield %a : !flux.c<"int">
  }
  flux.return %0 : !flux.c<"int">
}
