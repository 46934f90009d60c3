/// calls.cpp - what the owner of a connection calls.
#include "connection.h"
#include "poller.h"
#include "receive.h"
#include "streams.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

using namespace flux::net;

flux_net_id flux_net_id_of(const flux_net_connection *connection) { return idOf(*connection); }

void *flux_net_data(flux_net_connection *connection) { return connection->data; }

char *flux_net_peer(const flux_net_connection *connection, char *text, size_t size) {
  sockaddr_storage address = {};
  socklen_t length = sizeof address;
  if (size == 0)
    return text;
  *text = '\0';
  if (getpeername(connection->fd, reinterpret_cast<sockaddr *>(&address), &length) != 0)
    return text;
  if (address.ss_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in &>(address).sin_addr, text, static_cast<socklen_t>(size));
  if (address.ss_family != AF_INET6)
    return text;
  const in6_addr &six = reinterpret_cast<const sockaddr_in6 &>(address).sin6_addr;
  constexpr int kMapped = 12; // bytes in front of an address of IPv4
  if (IN6_IS_ADDR_V4MAPPED(&six))
    inet_ntop(AF_INET, &six.s6_addr[kMapped], text, static_cast<socklen_t>(size));
  else
    inet_ntop(AF_INET6, &six, text, static_cast<socklen_t>(size));
  return text;
}

ptrdiff_t flux_net_read(flux_net_connection *connection, void *data, size_t size) {
  Connection &c = *connection;
  if (c.streams) // what the client sends is not one flow's
    return -EINVAL;
  if (const size_t taken = c.input.takeBehind(data, size))
    return static_cast<ptrdiff_t>(taken);
  const Deadline deadline = deadlineIn(c.poller.load(std::memory_order_relaxed)->options().idle_ms);
  while (!c.ended && size > 0) {
    const ssize_t count = receiveSome(c, data, size);
    // Bytes may come that an event has announced already, while this flow had the connection.
    c.more = true;
    c.ended = count == 0;
    if (count != -EAGAIN)
      return count;
    pollfd wanted = {c.fd, POLLIN, 0};
    if (poll(&wanted, 1, pollTimeout(deadline)) == 0 && deadline <= nowMs())
      return -ETIMEDOUT;
  }
  return 0;
}

int flux_net_writev(flux_net_connection *connection, const struct iovec *parts, int count) {
  if (count <= 0)
    return 0;
  constexpr int kFew = 16;
  iovec few[kFew]; // since sending changes them
  const size_t size = static_cast<size_t>(count) * sizeof(iovec);
  iovec *copies = count <= kFew ? few : static_cast<iovec *>(malloc(size));
  if (!copies)
    return ENOMEM;
  memcpy(copies, parts, size);
  const int error = writeAll(*connection, copies, count);
  if (copies != few)
    free(copies);
  return error;
}

int flux_net_write(flux_net_connection *connection, const void *data, size_t size) {
  iovec part = {const_cast<void *>(data), size};
  return writeAll(*connection, &part, 1);
}

int flux_net_sendfile(flux_net_connection *connection, int file, int64_t offset, size_t size) {
  return sendFile(*connection, file, offset, size);
}

void flux_net_close(flux_net_connection *connection) {
  if (connection->streams)
    connection->streams->kind->end(*connection, Ending::Close);
  else if (connection->ending == Ending::Keep)
    connection->ending = Ending::Close;
}

void flux_net_abort(flux_net_connection *connection) {
  if (connection->streams)
    connection->streams->kind->end(*connection, Ending::Abort);
  else
    connection->ending = Ending::Abort;
}

int flux_net_post(flux_net_connection *connection, const void *data, size_t size) {
  Parcel parcel(data, size);
  const Locked lock(connection->output.mutex);
  return parcel.post(*connection);
}

int flux_net_send(flux_net_id id, const void *data, size_t size) {
  Connection *c = connectionOf(id);
  if (!c)
    return ENOTCONN;
  Parcel parcel(data, size);
  const Locked lock(c->output.mutex);
  return isAlive(*c, id) ? parcel.post(*c) : ENOTCONN;
}

int flux_net_post_file(flux_net_connection *connection, int file, int64_t offset, size_t size) {
  const Locked lock(connection->output.mutex);
  return postFile(*connection, file, offset, size);
}
