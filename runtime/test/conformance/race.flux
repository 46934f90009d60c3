// Races are found all the same: of two nodes without a constraint, and of a node and a thread of the program's own.
Numbers () => (int n);
One (int n) => (int n);
Other (int n) => ();

source Numbers => Main;
Main = One -> Other;
blocking Other;

// REQUIRES: tsan
// RUN: %fluxc %s %S/race.c --model=%model -fsanitize=thread -o %t && env TSAN_OPTIONS=halt_on_error=1:exitcode=66 not %run %t thread 2>&1 | FileCheck %s --check-prefixes=CHECK,THREAD
// Where each worker has variables of its own, and where flows run one at a time, that is no race. On one loop without helpers, it
// is none either: what does not wait is not interrupted.
// RUN: %if !Processes && !FlowsInTurn %{%if !OneLoop || Helpers %{env TSAN_OPTIONS=halt_on_error=1:exitcode=66 not %run %t nodes 2>&1 | FileCheck %s --check-prefixes=CHECK,NODES%}%}
// CHECK: WARNING: ThreadSanitizer: data race
// NODES-DAG: {{One|Other}}
// THREAD-DAG: {{One|touch}}
// CHECK: Location is global 'number'
