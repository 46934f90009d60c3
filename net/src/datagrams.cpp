/// datagrams.cpp - UDP.
#include "addresses.h"
#include "flux/net.h"
#include "message.h"
#include "mutex.h"

#include <errno.h>
#include <new>
#include <poll.h>
#include <stdlib.h>

using namespace flux::net;

namespace {

constexpr size_t kLargest = 65536;
constexpr size_t kMostSockets = 16;

} // namespace

struct flux_net_datagram {
  flux_owned owned; // by its flow; first
  flux_net_socket *socket;
  flux_net_datagram *next; // in the stock
  int fd;
  flux_net_address sender;
  char bytes[kLargest];
};

struct flux_net_socket {
  Sockets sockets;
  Mutex mutex;
  flux_net_datagram *stock; // what no flow has at the moment; guarded by the mutex
};

namespace {

/// Memory for a datagram, of which only what is used is there.
flux_net_datagram *take(flux_net_socket &socket) {
  {
    const Locked lock(socket.mutex);
    if (flux_net_datagram *datagram = socket.stock) {
      socket.stock = datagram->next;
      return datagram;
    }
  }
  auto *datagram = static_cast<flux_net_datagram *>(malloc(sizeof(flux_net_datagram)));
  if (datagram)
    datagram->socket = &socket;
  return datagram;
}

void giveBack(flux_net_datagram *datagram) {
  flux_net_socket &socket = *datagram->socket;
  const Locked lock(socket.mutex);
  datagram->next = socket.stock;
  socket.stock = datagram;
}

void endOfFlow(flux_owned *owned, int) { giveBack(reinterpret_cast<flux_net_datagram *>(owned)); }

/// Reads a datagram, if there is one. Returns its length or a negative errno value.
ssize_t receiveFrom(const Sockets &sockets, flux_net_datagram &datagram) {
  ssize_t error = -EAGAIN;
  for (size_t i = 0; i < sockets.count; ++i) {
    datagram.fd = sockets.fds[i];
    datagram.sender.length = sizeof datagram.sender.address;
    const ssize_t length = recvfrom(datagram.fd, datagram.bytes, kLargest, MSG_DONTWAIT,
                                    reinterpret_cast<sockaddr *>(&datagram.sender.address), &datagram.sender.length);
    if (length >= 0)
      return length;
    // ECONNREFUSED tells that somebody whom a datagram was sent to is not there.
    if (errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED)
      error = -errno;
  }
  return error;
}

void await(const Sockets &sockets) {
  pollfd wanted[kMostSockets];
  for (size_t i = 0; i < sockets.count; ++i)
    wanted[i] = {sockets.fds[i], POLLIN, 0};
  poll(wanted, sockets.count, -1);
}

int sendFrom(int fd, const flux_net_address &to, const void *data, size_t size) {
  for (;;) {
    const ssize_t sent =
        sendto(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, reinterpret_cast<const sockaddr *>(&to.address), to.length);
    if (sent >= 0)
      return 0;
    if (errno != EINTR)
      return errno == EAGAIN ? ENOBUFS : errno;
  }
}

} // namespace

flux_net_socket *flux_net_bind(const char *addresses) {
  void *memory = calloc(1, sizeof(flux_net_socket));
  if (!memory) {
    complain("out of memory");
    return nullptr;
  }
  auto *socket = new (memory) flux_net_socket();
  if (!openAddresses(addresses, {SOCK_DGRAM, false}, socket->sockets))
    return nullptr;
  if (socket->sockets.count > kMostSockets) {
    complain("'%s' are more than %zu addresses", addresses, kMostSockets);
    return nullptr;
  }
  return socket;
}

int flux_net_socket_port(const flux_net_socket *socket) { return portOf(socket->sockets.fds[0]); }

int flux_net_receive(flux_net_socket *socket, flux_net_datagram **datagram, char **data, size_t *length) {
  flux_net_datagram *taken = take(*socket);
  if (!taken)
    return FLUX_E_NOMEM;
  ssize_t received;
  while ((received = receiveFrom(socket->sockets, *taken)) == -EAGAIN) {
    if (flux_stopping()) {
      giveBack(taken);
      return FLUX_STOP;
    }
    await(socket->sockets);
  }
  if (received < 0) {
    giveBack(taken);
    return static_cast<int>(-received);
  }
  *datagram = taken;
  *data = taken->bytes;
  *length = static_cast<size_t>(received);
  taken->owned.end = endOfFlow;
  return flux_own(&taken->owned);
}

const flux_net_address *flux_net_sender(const flux_net_datagram *datagram) { return &datagram->sender; }

int flux_net_reply(const flux_net_datagram *datagram, const void *data, size_t size) {
  return sendFrom(datagram->fd, datagram->sender, data, size);
}

int flux_net_send_to(flux_net_socket *socket, const flux_net_address *to, const void *data, size_t size) {
  int error = EINVAL;
  for (size_t i = 0; i < socket->sockets.count; ++i) {
    sockaddr_storage own = {};
    socklen_t length = sizeof own;
    getsockname(socket->sockets.fds[i], reinterpret_cast<sockaddr *>(&own), &length);
    if (own.ss_family == to->address.ss_family)
      return sendFrom(socket->sockets.fds[i], *to, data, size);
    error = EAFNOSUPPORT;
  }
  return error;
}
