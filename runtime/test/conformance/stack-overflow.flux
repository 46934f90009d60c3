// A node that needs more stack than there is ends the server, which names the node and the option; with that option it runs.
Once () => (int n);
Descend (int n) => ();

source Once => Main;
Main = Descend;

// Sanitizers report it themselves.
// REQUIRES: plain-stacks
// RUN: %fluxc %s %S/stack-overflow.c --model=%model -o %t
// RUN: %if !Processes %{not --crash%} %run %t --flux-stack-size=128K 2>&1 | FileCheck --check-prefix=OVERFLOW %s
// RUN: %run %t --flux-stack-size=64M | FileCheck --check-prefix=DEEP %s

// OVERFLOW: flux: stack-overflow: node 'Descend' ({{.*}}stack-overflow.flux:3) has overflowed its stack of {{[0-9]+}} KiB; --flux-stack-size=BYTES sets it
// DEEP: descended
