// A source that fails, and that no handler serves, is shown as a flow is that fails: with its name, the code and its text. The first
// failure of each function is shown even where others fail all the time, and the snapshot counts all.
Numbers () => (int n);
Draw () => (int n);
Parse (int n) => (int n);
Late () => (int n);
Take (int n) => ();

source Numbers => Take;
Gather = Draw -> Parse;
source Gather => Take;
source Late => Take;
constraint Late:{late};

// RUN: %fluxc %s %S/source-fails.c --model=%model -o %t && rm -f %t.json
// RUN: FLUX_WORKERS=1 %run %t %t.json --flux-snapshot=%t.json 2>&1 | FileCheck %s
// RUN: %python -m json.tool %t.json | FileCheck %s --check-prefix=JSON

// CHECK-DAG: source 'Numbers' ({{.*}}source-fails.flux:3) failed with 24 (as errno: Too many open files), and no handler takes it
// CHECK-DAG: 'Parse' ({{.*}}source-fails.flux:5) in source 'Gather' failed with -1004 (invalid argument), and no handler takes it
// CHECK: source 'Late' ({{.*}}source-fails.flux:6) failed with 4711 (error), and no handler takes it
// CHECK-NOT: Late

// Of several snapshots that it has asked for, the last may show the failure of Late, too.
// JSON: "handled": 0,
// JSON-NEXT: "unhandled": 12{{[01]}},
// JSON: "name": "Numbers",
// JSON: "failures": 60,
// JSON: "name": "Gather",
// JSON: "failures": 60,
// JSON: "name": "Numbers",
// JSON-NEXT: "kind": "node",
// JSON-NEXT: "calls": 61,
// JSON-NEXT: "errors": 60
