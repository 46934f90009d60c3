// Clients of TLS: how hands are shaken, what goes both ways, how connections end, and certificates that are loaded again.
include "flux/tls.h";

Next () => (flux_net_connection *client, char *line, size_t length);
Answer (flux_net_connection *client, char *line, size_t length) => ();

source Next => Answer;

// REQUIRES: tls
// RUN: rm -rf %t && mkdir %t && %fluxc %s %S/tls.c --model=%model -o %t/server
// RUN: %run %python %S/Inputs/tls_handshake.py %t/server
// RUN: %run %python %S/Inputs/tls_kinds.py %t/server
// RUN: %run %python %S/Inputs/tls_transfer.py %t/server
// RUN: %run %python %S/Inputs/tls_end.py %t/server
// RUN: env FLUX_WORKERS=1 %run %python %S/Inputs/tls_reload.py %t/server
