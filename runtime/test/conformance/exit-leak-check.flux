// A node that ends the server by exit() while other flows of its loop are ready to run and use memory. LeakSanitizer, which looks at all
// threads then with the locks of its allocator taken, gives way meanwhile, and nobody else may run on that thread.
Numbers () => (int n);
Act (int n) => ();

source Numbers => Act;

// REQUIRES: asan
// SKIP-MODEL: !Loops: no other flow runs on the thread that ends
// RUN: %fluxc %s %S/exit-leak-check.c --model=%model -fsanitize=address -o %t && %run %t
