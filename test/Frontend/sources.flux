// RUN: flux-translate --import-flux %s | FileCheck %s

Listen () => (int fd);
Echo (int fd) => ();
Page = Echo;

// A source starts a flow or a node; several start one, and one starts several.
// CHECK: flux.source @Listen -> @Page
source Listen => Page;
// CHECK: flux.source @Listen -> @Echo
source Listen -> Echo;

// A source may be a flow.
// CHECK: flux.source @ListenAll -> @Page session "SessionOf"
source ListenAll {session: SessionOf} => Page;
// CHECK: flux.flow @ListenAll () -> (fd: !flux.c<"int">)
ListenAll = Listen;

// Constraints of nodes outside any flow are held by a flow that stands for them, made once.
// CHECK: flux.flow @Accept.source () -> (fd: !flux.c<"int">) {
// CHECK-NEXT: %[[FD:.*]] = flux.constrained [@backlog write]
// CHECK-NEXT:   flux.call @Accept()
// CHECK:      flux.return %[[FD]]
// CHECK: flux.flow @Log.flow (fd: !flux.c<"int">) -> () {
// CHECK:        flux.constrained [@file write] {
// CHECK-NEXT:     flux.call @Log(
// CHECK: flux.source @Accept.source -> @Log.flow
// CHECK-NOT: flux.flow
// CHECK: flux.source @Accept.source -> @Page
Accept () => (int fd);
constraint Accept:{backlog};
Log (int fd) => ();
constraint Log:{file};
source Accept => Log;
source Accept => Page;
