// Valgrind sees no error in flows that park on stacks of their own, inside a constraint, and go on where they were.
// REQUIRES: valgrind
Numbers () => (int n);
Add (int n) => ();

source Numbers => Main;
Main = Add;
constraint Add:{sum};

// Valgrind 3.19 cannot read clang's debug information.
// RUN: %fluxc %s %S/valgrind.c --model=%model -o %t && strip --strip-debug %t
// RUN: %run valgrind -q --error-exitcode=9 %t
// SKIP-MODEL: Processes: Valgrind has no pidfd_open(), by which a server watches its workers
