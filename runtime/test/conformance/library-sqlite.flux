// A library with locks of its own: all flows use one connection to SQLite, which is to be whole behind them.
Numbers () => (int n);
Store (int n) => (int n);
Find (int n) => ();

source Numbers => Main;
Main = Store -> Find;

// REQUIRES: libsqlite3
// RUN: %fluxc %s %S/library-sqlite.c --model=%model -lsqlite3 -o %t && %run %t
// SKIP-MODEL: Processes: a connection is one process's
