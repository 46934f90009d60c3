/// socket.h - what a connection is that speaks WebSocket.
#ifndef FLUX_NET_WEBSOCKET_SOCKET_H
#define FLUX_NET_WEBSOCKET_SOCKET_H

#include "connection.h"
#include "layer.h"
#include "server.h"
#include "websocket/frames.h"

namespace flux::http {
struct Exchange;
}

namespace flux::websocket {

using net::Connection;

/// Of a connection, from flux_websocket_accept() to its end.
struct Socket {
  MessageReader reader;
  http::Exchange *request = nullptr; // of the flow that has accepted it, until that ends
  uint16_t code = kNoClosing;        // why it has ended
  bool isClosed = false;             // our last frame is out
  bool isPinged = false;             // since the client has sent anything
};

inline Socket &socketOf(const Connection &c) { return *static_cast<Socket *>(c.exchange); }

/// A server of sockets.
struct Kind {
  net::Layer layer;
  uint32_t maxMessage;
};

bool isServerOfSockets(const net::Server &server);

/// Whether the connection is one. For whoever has it, or its output's lock.
bool isSocket(const Connection &c);

/// Sends our last frame, if it is not out. kNoCode is sent as none, and without the reason. For the holder.
void closeWith(Connection &c, uint16_t code, std::string_view reason = {});

} // namespace flux::websocket

#endif // FLUX_NET_WEBSOCKET_SOCKET_H
