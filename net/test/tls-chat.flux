// What one client says goes to all clients of TLS and to the plain ones. One who never reads is cut off, one whose hands are
// not shaken is no client yet, and neither delays anybody. Broadcasts are of one process.
include "flux/tls.h";

NextSecret () => (char *line, size_t length);
NextOpen () => (char *line, size_t length);
Say (char *line, size_t length) => ();

source NextSecret => Say;
source NextOpen => Say;

// UNSUPPORTED: Processes
// REQUIRES: tls
// RUN: %fluxc %s %S/tls-chat.c --model=%model -o %t && %run %python %S/Inputs/tls_chat.py %t
