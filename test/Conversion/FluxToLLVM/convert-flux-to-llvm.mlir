// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s

// Calls of nodes and flows: arguments through memory, errors by the return value.

flux.node @Make () -> (a: !flux.c<"char">, b: !flux.c<"int">)
flux.node @Take (a: !flux.c<"char">, b: !flux.c<"int">) -> ()
flux.node @Tick () -> ()

// A flow is an internal function of the flow's context, the scopes it runs in, its input and its output.
// CHECK-LABEL: llvm.func internal @flux.flow.Nodes
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// One buffer for each layout of arguments, as C lays out the struct.
// CHECK-DAG: %[[OUT:.*]] = llvm.alloca %{{.*}} x !llvm.array<8 x i8> {alignment = 4 : i64}
// CHECK-DAG: %[[IN:.*]] = llvm.alloca %{{.*}} x !llvm.array<8 x i8> {alignment = 4 : i64}
// The calls of a body are counted together, by the only thread that writes this counter.
// CHECK: llvm.load %{{.*}} atomic unordered
// CHECK: llvm.store %{{.*}}, %{{.*}} atomic unordered
// CHECK: %[[ERROR:.*]] = llvm.call @Make(%[[MADE:.*]]) : (!llvm.ptr) -> i32
// CHECK: %[[FAILED:.*]] = llvm.icmp "ne" %[[ERROR]], %{{.*}} : i32
// CHECK: llvm.cond_br %[[FAILED]] weights([1, 2000]), ^[[LEAVE:bb[0-9]+]](%[[ERROR]], %{{.*}} : i32, i32), ^[[NEXT:bb[0-9]+]]
// Fields travel in values between the calls.
// CHECK: ^[[NEXT]]:
// CHECK: %[[A:.*]] = llvm.load %[[MADE]] {alignment = 1 : i64} : !llvm.ptr -> i8
// CHECK: %[[BP:.*]] = llvm.getelementptr inbounds %[[MADE]][4]
// CHECK: %[[B:.*]] = llvm.load %[[BP]] {alignment = 4 : i64} : !llvm.ptr -> i32
// CHECK: llvm.store %[[A]], %[[TAKEN:.*]] {alignment = 1 : i64}
// CHECK: llvm.store %[[B]]
// CHECK: llvm.call @Take(%[[TAKEN]]) : (!llvm.ptr) -> i32
// A node with neither inputs nor outputs has no parameters.
// CHECK: llvm.call @Tick() : () -> i32
// An error of a node ends the flow: the runtime is told which node it was. All calls of a node share the way out.
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[LEAVE_TICK:bb[0-9]+]](
// CHECK: llvm.call @Make(%{{.*}}) : (!llvm.ptr) -> i32
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[LEAVE]](%{{.*}} : i32, i32)
// CHECK: llvm.call @Tick() : () -> i32
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^[[LEAVE_TICK]](
// The last call has nothing behind it to take back.
// CHECK: llvm.call @Tick() : () -> i32
// CHECK: llvm.cond_br %{{.*}} weights([1, 2000]), ^{{bb[0-9]+}}(%{{[0-9]+}} : i32)
flux.flow @Nodes () -> () {
  %0:2 = flux.call @Make() : () -> (!flux.c<"char">, !flux.c<"int">)
  flux.call @Take(%0#0, %0#1) : (!flux.c<"char">, !flux.c<"int">) -> ()
  flux.call @Tick() : () -> ()
  %1:2 = flux.call @Make() : () -> (!flux.c<"char">, !flux.c<"int">)
  flux.call @Tick() : () -> ()
  flux.call @Tick() : () -> ()
  flux.return
}

// A called flow gets the context and the scope; its status, 0 to go on, is passed to the caller as it is.
// CHECK-LABEL: llvm.func internal @flux.flow.Outer
// CHECK-SAME: (%[[CX:.*]]: !llvm.ptr, %[[SCOPE:.*]]: i64, %{{.*}}: !llvm.ptr, %[[RESULT:.*]]: !llvm.ptr) -> i32
// CHECK: %[[STATUS:.*]] = llvm.call @flux.flow.Inner(%[[CX]], %[[SCOPE]], %{{.*}}, %[[BUFFER:[0-9a-z]+]]) :
// CHECK: %[[GOES_ON:.*]] = llvm.icmp "eq" %[[STATUS]], %{{.*}} : i32
// CHECK: llvm.cond_br %[[GOES_ON]] weights([2000, 1]), ^[[NEXT:bb[0-9]+]], ^[[LEAVE:bb[0-9]+]](%[[STATUS]] : i32)
// CHECK: ^[[NEXT]]:
// CHECK: %[[X:.*]] = llvm.load %[[BUFFER]] {alignment = 4 : i64} : !llvm.ptr -> i32
// CHECK: llvm.store %[[X]], %[[RESULT]]
// CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: llvm.return %[[ZERO]]
// CHECK: ^[[LEAVE]](%[[WHY:.*]]: i32):
// CHECK: llvm.return %[[WHY]]
flux.flow @Outer (x: !flux.c<"int">) -> (x: !flux.c<"int">) {
^bb0(%x: !flux.c<"int">):
  %0 = flux.call @Inner(%x) : (!flux.c<"int">) -> !flux.c<"int">
  flux.return %0 : !flux.c<"int">
}

// A flow that calls nothing passes its input through.
// CHECK-LABEL: llvm.func internal @flux.flow.Inner
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %{{.*}}: i64, %[[IN:.*]]: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr) -> i32
// CHECK: %[[X:.*]] = llvm.load %[[IN]]
// CHECK: llvm.store %[[X]], %[[OUT]]
// CHECK-NOT: llvm.call
// CHECK: llvm.return
flux.flow @Inner (x: !flux.c<"int">) -> (x: !flux.c<"int">) {
^bb0(%x: !flux.c<"int">):
  flux.return %x : !flux.c<"int">
}

// CHECK-NOT: flux.{{node|flow|call}}{{ }}
