// A node that holds an event loop is reported with its name, its place and the functions that it is in, also where that is a call on a
// stream.
Once () => (int n);
Spin (int n) => ();
Read () => ();

source Once => Main;
Main = Spin -> Read;

// RUN: %fluxc %s %S/stalls.c --model=%model -o %t && rm -f %t.err && %run %t %t.err --flux-stall-ms=10 2> %t.err
// RUN: FileCheck --input-file=%t.err %s
// SKIP-MODEL: !Loops: there is no event loop to hold

// CHECK: flux: stalls: node 'Spin' ({{.*}}stalls.flux:4) has held the event loop for {{[0-9]+}} ms
// CHECK: UntilReported
// CHECK: flux: stalls: node 'Read' ({{.*}}stalls.flux:5) has held the event loop for {{[0-9]+}} ms
// CHECK: UntilReported
// CHECK: (fgets+
// CHECK: (Read+
