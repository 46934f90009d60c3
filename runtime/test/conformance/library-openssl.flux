// TLS between flows, in pairs: each handshake, and each record that the other one has not sent yet or not read yet, is waited for in the
// middle of the library.
Numbers () => (int n);
Talk (int n) => ();

source Numbers => Talk;

// REQUIRES: openssl
// RUN: %fluxc %s %S/library-openssl.c --model=%model -lssl -lcrypto -o %t && FLUX_WORKERS=40 %run %t
// SKIP-MODEL: Processes: the two ends of a pair are one process's
// SKIP-MODEL: FlowsInTurn: a flow waits for another one
