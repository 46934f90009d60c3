/// send.cpp - messages to clients.
#include "flux/websocket.h"
#include "output.h"
#include "websocket/socket.h"

#include <errno.h>
#include <string.h>

using namespace flux::websocket;
using flux::net::Locked;
using flux::net::Parcel;

static_assert(static_cast<int>(Opcode::Text) == FLUX_WEBSOCKET_TEXT);
static_assert(static_cast<int>(Opcode::Binary) == FLUX_WEBSOCKET_BINARY);

static bool isType(int type) { return type == FLUX_WEBSOCKET_TEXT || type == FLUX_WEBSOCKET_BINARY; }

/// Writes what stands before a message.
static iovec headOf(int type, size_t size, char *head) {
  return {head, writeFrameHead(static_cast<Opcode>(type), size, head)};
}

int flux_websocket_write(flux_net_connection *connection, int type, const void *data, size_t size) {
  if (!isType(type))
    return EINVAL;
  if (connection->output.shut) // by the owner
    return ENOTCONN;
  char head[kMostHead];
  iovec parts[] = {headOf(type, size, head), {const_cast<void *>(data), size}};
  return flux::net::writeAll(*connection, parts, 2);
}

int flux_websocket_post(flux_net_connection *connection, int type, const void *data, size_t size) {
  if (!isType(type))
    return EINVAL;
  char head[kMostHead];
  Parcel parcel(headOf(type, size, head), {const_cast<void *>(data), size});
  const Locked lock(connection->output.mutex);
  return parcel.post(*connection);
}

int flux_websocket_send(flux_net_id id, int type, const void *data, size_t size) {
  if (!isType(type))
    return EINVAL;
  flux_net_connection *c = flux::net::connectionOf(id);
  if (!c)
    return ENOTCONN;
  char head[kMostHead];
  Parcel parcel(headOf(type, size, head), {const_cast<void *>(data), size});
  const Locked lock(c->output.mutex);
  return flux::net::isAlive(*c, id) && isSocket(*c) ? parcel.post(*c) : ENOTCONN;
}

int flux_websocket_close(flux_net_connection *connection, int code, const char *reason) {
  if (code != 0 && (code < 0 || !isCode(static_cast<unsigned>(code))))
    return EINVAL;
  closeWith(*connection, code != 0 ? static_cast<uint16_t>(code) : kNoCode, reason ? reason : std::string_view());
  return 0;
}
