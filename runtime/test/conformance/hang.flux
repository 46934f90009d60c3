// Flows that wait for each other where no lock order can help: one holds a constraint and waits for a pipe that another
// would fill, which waits for the constraint. The server says who waits for what.
Once () => (int n);
Hold (int n) => ();
Fill (int n) => ();

typedef first IsFirst;

source Once => Main;
Main:[first] = Hold;
Main:[_] = Fill;
constraint Hold:{held};
constraint Fill:{held};

// RUN: %fluxc %s %S/hang.c --model=%model -o %t && rm -f %t.err && %run %t %t.err --flux-hang-ms=200 2> %t.err
// RUN: FileCheck --input-file=%t.err %s
// REQUIRES: kernel-calls
// SKIP-MODEL: FlowsInTurn: the source never produces the second flow

// CHECK-DAG: flux: hang: hang: 2 of the flows and 0 of the sources have waited for 200 ms for what only they can do
// CHECK-DAG: flow {{[0-9]+}} of source 'Once', in node 'Hold' ({{.*}}hang.flux:4), waits for {{.*}}, a pipe of the server to itself; it holds 'held'
// CHECK-DAG: flow {{[0-9]+}} of source 'Once' waits for constraint 'held', which is held by flow {{[0-9]+}} of source 'Once'
// CHECK-DAG: {{queue|threads|loop|cores|workers}}: {{.*}} {{[0-9]+}}
