// A page and its sockets from one port: requests go to one flow, messages to another, which sends each back.
include "flux/websocket.h";

NextRequest () => (flux_http_request *request);
Serve (flux_http_request *request) => ();
NextMessage () => (flux_net_connection *client, char *data, size_t length, int type);
Answer (flux_net_connection *client, char *data, size_t length, int type) => ();

source NextRequest => Serve;
source NextMessage => Answer;

// RUN: %fluxc %s %S/websocket.c --model=%model -o %t
// RUN: %run %python %S/Inputs/websocket_handshake.py %t
// RUN: %run %python %S/Inputs/websocket_frames.py %t
// RUN: %run %python %S/Inputs/websocket_life.py %t
