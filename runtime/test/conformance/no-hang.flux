// Flows that wait for long, but for what may still happen, are no hang: a client that is slow, with others behind its
// constraint; time; a thread of the program's own, for which flows wait through a pipe and a mutex.
Next () => (int n);
AwaitClient (int n) => ();
AwaitTime (int n) => ();
AwaitThread (int n) => ();

typedef client IsClient;
typedef time IsTime;

source Next => Main;
Main:[client] = AwaitClient;
Main:[time] = AwaitTime;
Main:[_] = AwaitThread;
constraint AwaitClient:{a};
constraint AwaitTime:{b};
constraint AwaitThread:{c};

// RUN: %fluxc %s %S/no-hang.c --model=%model -o %t && %run %t --flux-hang-ms=100 2>&1 | FileCheck %s

// CHECK-NOT: {{hang: }}
// CHECK: done
// CHECK-NOT: {{hang: }}
