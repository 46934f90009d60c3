// A source that has nothing this time says so, as often as it likes: that is no failure, is not shown, and does not slow it down, be
// the source a node or a flow.
Numbers () => (int n);
Draw () => (int n);
Keep (int n) => (int n);
Take (int n) => ();

source Numbers => Take;
Some = Draw -> Keep;
source Some => Take;

// RUN: %fluxc %s %S/source-again.c --model=%model -o %t && FLUX_WORKERS=2 %run %t 2>&1 | FileCheck %s --allow-empty
// CHECK-NOT: {{.}}
