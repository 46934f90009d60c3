// A client of a database, with a connection for each flow, to a server that is a thread of the program's own.
Numbers () => (int n);
Store (int n) => (int n, int64_t redis);
Find (int n, int64_t redis) => (int n, int64_t redis);
Count (int n, int64_t redis) => ();

source Numbers => Main;
Main = Store -> Find -> Count;

// REQUIRES: hiredis
// RUN: %fluxc %s %S/library-hiredis.c --model=%model -lhiredis -o %t && %run %t
