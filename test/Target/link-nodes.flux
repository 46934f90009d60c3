// Nodes, predicates and handlers given as bitcode become part of the flows that use them.
// REQUIRES: native, clang-22
// RUN: mkdir -p %t && flux-translate --flux-to-header %s -o %t/link-nodes.flux.h
// RUN: clang-22 -O2 -emit-llvm -I %t -I %flux-runtime -c %S/Inputs/link-nodes.c -o %t/nodes.bc
// RUN: flux-translate --flux-to-llvmir --nodes=%t/nodes.bc %s -o %t/fused.ll 2> %t/remarks
// RUN: FileCheck %s --check-prefix=REMARKS < %t/remarks
// RUN: FileCheck %s < %t/fused.ll
// RUN: FileCheck %s --check-prefix=HANDLER < %t/fused.ll

typedef small IsSmall;
Next () => (int n);
Add (int n) => (int n);
Double (int n) => (int n);
Large (int n) => (int n);
Far (int n) => (int n);
Show (int n) => ();
source Next => Work;
Work = Add -> Choose -> Large -> Far -> Show;
Choose:[small] = Double;
Choose:[_] = ;
handle error Add => Lost;

// A remark for each, at its declaration, says what came of it.
// REMARKS-DAG: link-nodes.flux:[[@LINE-14]]:{{.*}} remark: 'IsSmall' is fused with the flows that call it
// REMARKS-DAG: link-nodes.flux:[[@LINE-14]]:{{.*}} remark: 'Next' is fused with the flows that call it
// REMARKS-DAG: remark: 'Add' is fused with the flows that call it
// REMARKS-DAG: remark: 'Double' is fused with the flows that call it
// REMARKS-DAG: remark: 'Large' stays a call: it is too large: its cost is {{[0-9]+}}, the limit {{[0-9]+}}
// REMARKS-DAG: remark: 'Far' stays a call: noinline function attribute
// REMARKS-DAG: remark: 'Show' is fused with the flows that call it
// REMARKS-DAG: remark: 'Lost' is fused with the flows that call it

// The run function has them all in it: no call of theirs, and no struct in memory for those that are gone. Before the
// call of Large nobody can look, so that the name of Double, index 2, is never written.
// CHECK-LABEL: define internal void @flux.run.0
// CHECK-NOT: @Add
// CHECK: add {{.*}}i32 %{{.*}}, 40
// CHECK-NOT: @IsSmall
// CHECK-NOT: @Double
// CHECK-NOT: store atomic i32 2,
// CHECK: call{{.*}} @Large
// CHECK: call{{.*}} @Far
// CHECK-NOT: @Show
// CHECK: call{{.*}} @elsewhere
// CHECK: ret void

// HANDLER-LABEL: define internal void @flux.run.0
// HANDLER: call{{.*}} @flux_ir_fail
// HANDLER-NOT: @Lost
// HANDLER: call{{.*}} @flux_ir_handled
