// A flow that waits for a descriptor which another one closes or replaces learns of it, by EBADF, and takes nothing of what the number
// stands for from then on.
Roles () => (int role);
Act (int role) => ();

source Roles => Act;

// On one loop, where the second flow of a pair comes to run when the first one waits.
// RUN: %fluxc %s %S/waits-closed.c --model=%model -o %t && FLUX_CORES=1 %run %t
// SKIP-MODEL: !Loops: Linux lets a thread wait on when another one closes what it waits for
