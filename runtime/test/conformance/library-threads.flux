// The C++ library's threads, futures and locks, as servers use them: a pool of threads of the program's own works for its flows, which
// begin it once, wait for its results, and share data by locks that they hold across calls that wait.
Numbers () => (int n);
UsePool (int n) => (int n);
UseAsync (int n) => (int n);
Share (int n) => ();

source Numbers => Main;
Main = UsePool -> UseAsync -> Share;

// RUN: %fluxc %s %S/library-threads.cpp --model=%model -o %t && %run %t
// SKIP-MODEL: Processes: what flows share is in memory
