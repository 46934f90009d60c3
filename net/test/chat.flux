// Rooms: the first line names one, and every further line goes to all who are in it. A member who never reads is cut off,
// and delays nobody. Groups of connections are of one process.
include "flux/net.h";

Next () => (flux_net_connection *client, char *line, size_t length);
Say (flux_net_connection *client, char *line, size_t length) => ();

source Next => Say;

// UNSUPPORTED: Processes
// RUN: %fluxc %s %S/chat.c --model=%model -o %t && %run %python %S/Inputs/chat.py %t
