// RUN: flux-translate --flux-to-llvmir %s | FileCheck %s
// RUN: flux-translate --flux-to-llvmir --opt=0 %s | FileCheck %s --check-prefix=O0
// RUN: flux-translate --flux-to-llvmir --model=pool %s | FileCheck %s
// RUN: flux-translate --flux-to-llvmir %s | llvm-as | llvm-dis | FileCheck %s

// Optimised LLVM IR: flows are inlined into what the runtime calls, and the program is a constant.

Listen () => (int socket);
Read (int socket) => (int socket, char letter);
Check (int socket, char letter) => (int socket, char letter);
Write (int socket, char letter) => ();
source Listen => Page;
Page = Read -> Valid -> Write;
Valid = Check;
constraint Write:{out};

// CHECK: @flux_ir_program = {{.*}}constant
// CHECK: define internal i32 @flux.poll.0(
// CHECK: define internal void @flux.run.0(
// CHECK: call i32 @Read(
// CHECK: call i32 @Check(
// CHECK: call void @flux_ir_acquire(
// CHECK: call i32 @Write(
// CHECK-NOT: define {{.*}}@flux.flow.

// Without optimisation every flow keeps its function.
// O0-DAG: define internal i32 @flux.flow.Page(
// O0-DAG: define internal i32 @flux.flow.Valid(

// Flows are unwound through, found by their frames, and touch a large frame page by page.
// CHECK: attributes {{.*}}uwtable "frame-pointer"="all" "probe-stack"="inline-asm"
