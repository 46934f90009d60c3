// An error that no handler takes ends its flow alone; it is counted, and shown with function, place, code and text.
Numbers () => (int n);
Fail (int n) => (int n);
After (int n) => ();

source Numbers => Main;
Main = Fail -> Choose;
Choose:[odd] = After;

typedef odd IsOdd;

// RUN: %fluxc %s %S/unhandled.c --model=%model -o %t && rm -f %t.json && %run %t %t.json --flux-snapshot=%t.json 2>&1 | FileCheck %s
// RUN: %python -m json.tool %t.json | FileCheck %s --check-prefix=JSON

// CHECK-DAG: flux: unhandled: 'Fail' ({{.*}}unhandled.flux:3) failed with 12 (as errno: Cannot allocate memory), and no handler takes it
// CHECK-DAG: flux: unhandled: 'Choose' ({{.*}}unhandled.flux:{{[0-9]+}}) failed with -1002 (no case of the dispatch matched), and no handler takes it
// CHECK: ended 25 of 100

// JSON: "errors": {
// JSON-NEXT: "handled": 0,
// JSON-NEXT: "unhandled": 75
// JSON: "name": "Fail",
// JSON-NEXT: "kind": "node",
// JSON-NEXT: "calls": 100,
// JSON-NEXT: "errors": 50
// What an error keeps from running is not counted.
// JSON: "name": "After",
// JSON-NEXT: "kind": "node",
// JSON-NEXT: "calls": 25,
// JSON: "name": "Main",
// JSON-NEXT: "kind": "flow",
// JSON-NEXT: "calls": 100,
// JSON: "name": "Choose",
// JSON-NEXT: "kind": "flow",
// JSON-NEXT: "calls": 50,
// JSON-NEXT: "errors": 25
