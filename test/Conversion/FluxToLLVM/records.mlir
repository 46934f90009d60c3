// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Records by value are copied field by field, at the offsets and alignments that C gives them.

flux.node @Make () -> (tag: !flux.c<"char">, address: !flux.c<"sockaddr_in6", 28, 4>, wide: !flux.c<"vec", 32, 32>)
flux.node @Take (wide: !flux.c<"vec", 32, 32>, address: !flux.c<"sockaddr_in6", 28, 4>) -> ()

// CHECK-LABEL: llvm.func internal @flux.flow.F
// Made's struct: the record of alignment 32 starts at 32 and makes the struct 64 bytes.
// CHECK-DAG: llvm.alloca %{{.*}} x !llvm.array<64 x i8> {alignment = 32 : i64}
// Copies of both records, since a later call may reuse the buffer.
// CHECK-DAG: llvm.alloca %{{.*}} x !llvm.array<28 x i8> {alignment = 4 : i64}
// CHECK-DAG: llvm.alloca %{{.*}} x !llvm.array<32 x i8> {alignment = 32 : i64}
// CHECK: llvm.call @Make(%[[MADE:.*]]) :
// CHECK: %[[FROM:.*]] = llvm.getelementptr inbounds %[[MADE]][4]
// CHECK: %[[BYTES:.*]] = llvm.mlir.constant(28 : i64)
// CHECK: "llvm.intr.memcpy"(%[[ADDRESS:.*]], %[[FROM]], %[[BYTES]])
// CHECK: %[[FROM2:.*]] = llvm.getelementptr inbounds %[[MADE]][32]
// CHECK: "llvm.intr.memcpy"(%[[WIDE:.*]], %[[FROM2]], %{{.*}})
// CHECK: "llvm.intr.memcpy"(%[[TAKEN:.*]], %[[WIDE]],
// CHECK: %[[TO:.*]] = llvm.getelementptr inbounds %[[TAKEN]][32]
// CHECK: "llvm.intr.memcpy"(%[[TO]], %[[ADDRESS]],
// CHECK: llvm.call @Take(%[[TAKEN]])
flux.flow @F () -> () {
  %0:3 = flux.call @Make() : () -> (!flux.c<"char">, !flux.c<"sockaddr_in6", 28, 4>, !flux.c<"vec", 32, 32>)
  flux.call @Take(%0#2, %0#1) : (!flux.c<"vec", 32, 32>, !flux.c<"sockaddr_in6", 28, 4>) -> ()
  flux.return
}
