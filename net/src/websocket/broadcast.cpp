/// broadcast.cpp - messages to many clients. Only programs that send such have this linked; see ../broadcast.cpp.
#include "flux/websocket.h"
#include "output.h"
#include "server.h"
#include "websocket/socket.h"

using namespace flux::websocket;

size_t flux_websocket_broadcast(flux_net_server *server, uint64_t group, int type, const void *data, size_t size) {
  if (type != FLUX_WEBSOCKET_TEXT && type != FLUX_WEBSOCKET_BINARY)
    return 0;
  char head[kMostHead];
  const size_t length = writeFrameHead(static_cast<Opcode>(type), size, head);
  flux::net::Parcel parcel({head, length}, {const_cast<void *>(data), size});
  return flux::net::broadcast(*server, group, parcel);
}
