/// source.h - what the source of a server does for protocols on top of connections.
#ifndef FLUX_NET_SOURCE_H
#define FLUX_NET_SOURCE_H

#include "connection.h"

namespace flux::net {

struct Arrival;
struct Server;

/// What a flow begins with: a connection and the message on it, or the message of a stream.
struct Next {
  Connection *connection = nullptr;
  Message message = {};
  Arrival *arrival = nullptr;
};

/// Waits for one, which is the flow's then. As flux_net_next().
int awaitMessage(Server &server, Next &found);

/// Closes a held connection as soon as what has been sent is out: what becomes of it later, its source looks after.
void closeGently(Connection &c);

} // namespace flux::net

#endif // FLUX_NET_SOURCE_H
