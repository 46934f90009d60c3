// Rooms over TLS: a socket belongs to that of its path, and what one client says goes to all of its room, as text or as bytes.
// One who never reads is cut off, and delays nobody. Groups of connections are of one process.
include "flux/websocket.h";
include "flux/tls.h";

NextRequest () => (flux_http_request *request);
Enter (flux_http_request *request) => ();
NextMessage () => (flux_net_connection *client, char *data, size_t length, int type);
Say (flux_net_connection *client, char *data, size_t length, int type) => ();

source NextRequest => Enter;
source NextMessage => Say;

// UNSUPPORTED: Processes
// REQUIRES: tls
// RUN: %fluxc %s %S/websocket-chat.c --model=%model -o %t && %run %python %S/Inputs/websocket_chat.py %t
