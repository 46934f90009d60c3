// What a source fails with goes to its handler, be it a node, a node under a constraint or a flow: with the inputs that it has,
// none, when its constraints are released. FLUX_AGAIN and FLUX_STOP are no failures, whichever of its functions returns them.
Plain () => (int n);
Guarded () => (int n);
Draw () => (int n);
Keep (int n) => (int n);
Take (int n) => ();

source Plain => Take;
source Guarded => Take;
Some = Draw -> Keep;
source Some => Take;

constraint Guarded:{feed};
constraint Lost:{feed};
handle error Plain => Lost;
handle error Guarded => Lost;
handle error Some => Missed;
handle error Keep => Dropped;

// RUN: %fluxc %s %S/source-handler.c --model=%model -o %t && FLUX_WORKERS=2 %run %t 2>&1 | FileCheck %s --allow-empty
// CHECK-NOT: {{.}}
