// When the server stops, what a source blocks in is interrupted. What it returns then is its end and no failure: no handler gets
// it, and nothing is shown.
Wait () => (int n);
Stop (int n) => ();

source Wait => Stop;
handle error Wait => Failed;

// RUN: %fluxc %s %S/source-stopped.c --model=%model -o %t && FLUX_WORKERS=2 %run %t 2>&1 | FileCheck %s --allow-empty
// CHECK-NOT: {{.}}
