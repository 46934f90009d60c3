// RUN: flux-opt %s --convert-flux-to-llvm=exceptions | FileCheck %s
// RUN: flux-opt %s --convert-flux-to-llvm | FileCheck %s --check-prefix=PLAIN

// Where exceptions are caught, each function of the program has a landing pad; one that leaves a node goes on as the node's error.
// Else nothing refers to the C++ library.

flux.predicate @hit calls "IsHit"
flux.node @Listen () -> (a: !flux.c<"int">)
flux.node @Serve (a: !flux.c<"int">) -> ()
flux.handler [@Serve] -> "Recover"
flux.source @Listen -> @Page session "PeerOf"

// CHECK-LABEL: llvm.func internal @flux.flow.Page
// CHECK-SAME: personality = @__gxx_personality_v0
// CHECK: llvm.invoke @IsHit(%{{.*}}) to ^{{.*}} unwind ^[[ASKED:bb[0-9]+]]
// CHECK: llvm.invoke @Serve(%{{.*}}) to ^{{.*}} unwind ^
// CHECK: llvm.landingpad (catch %{{.*}} : !llvm.ptr)
// CHECK: llvm.call @flux_ir_caught(
// An error whose handler throws is taken by none.
// CHECK: llvm.invoke @Recover(%{{.*}}) to ^{{.*}} unwind ^[[LOST:bb[0-9]+]]
// CHECK: ^[[LOST]]:
// CHECK: llvm.call @flux_ir_caught(
// CHECK-NEXT: llvm.call @flux_ir_unhandled(
// CHECK: llvm.call @flux_ir_handled(
flux.flow @Page (a: !flux.c<"int">) -> () {
^bb0(%a: !flux.c<"int">):
  flux.dispatch(%a : !flux.c<"int">)
  case [@hit] {
    flux.yield
  }
  case [_] {
    flux.call @Serve(%a) : (!flux.c<"int">) -> ()
    flux.yield
  }
  flux.return
}

// CHECK-LABEL: llvm.func internal @flux.poll.0
// CHECK: llvm.invoke @Listen(
// CHECK: llvm.invoke @PeerOf(%{{.*}}) to ^{{.*}} unwind ^

// PLAIN-NOT: personality
// PLAIN-NOT: flux_ir_caught
// PLAIN-NOT: flux_ir_guard
