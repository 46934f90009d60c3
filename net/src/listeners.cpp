#include "listeners.h"

#include "poller.h"
#include "server.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flux::net {

bool Listeners::open(Poller &poller) {
  const Sockets &sockets = server.sockets[number];
  for (size_t i = 0; i < sockets.count; ++i)
    if (!poller.watchListener(sockets.fds[i]))
      return false;
  return true;
}

/// Makes a connection of an accepted socket, unless its address has enough.
void Listeners::welcome(int fd, const sockaddr_storage &address, Poller &poller) {
  const flux_net_options &options = server.options;
  AddressCount *count = nullptr;
  if (options.max_per_address != 0 && address.ss_family != AF_UNIX &&
      !(count = server.addresses.add(address, options.max_per_address))) {
    ::close(fd);
    return;
  }
  Connection *c = openConnection(fd, poller, count);
  if (!c) {
    if (count)
      server.addresses.remove(count);
    ::close(fd);
    return;
  }
  if (c->phase == Phase::Open)
    announce(*c);
  poller.lookAt(*c);
}

/// Accepts until nothing is left. False if descriptors, memory or room are at an end.
bool Listeners::acceptFrom(int listener, Poller &poller) {
  while (server.connections.load(std::memory_order_relaxed) < server.maxConnections) {
    sockaddr_storage address = {};
    socklen_t length = sizeof address;
    const bool asks = server.options.max_per_address != 0;
    const int fd = accept4(listener, asks ? reinterpret_cast<sockaddr *>(&address) : nullptr, asks ? &length : nullptr,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      welcome(fd, address, poller);
      continue;
    }
    if (errno == EAGAIN || errno == EINVAL) // no more for now, or for good: see close()
      return true;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
      return false;
    // Anything else is the end of a connection that had not been accepted yet.
  }
  return false;
}

void Listeners::accept(Poller &poller) {
  const Sockets &sockets = server.sockets[number];
  bool full = false;
  for (size_t i = 0; i < sockets.count && !full && !isClosed; ++i) {
    const int listener = sockets.fds[i];
    const size_t before = poller.openConnections();
    full = !acceptFrom(listener, poller);
    // The kernel wakes the first of the processes that watch a listener and sleep, in the order in which they began to
    // watch it: having had its share, this one goes to the end, or it would get nearly all connections.
    if (!full && !paused() && poller.openConnections() != before) {
      poller.unwatchListener(listener);
      poller.watchListener(listener);
    }
  }
  if (full == paused() || isClosed)
    return;
  pausing.store(full, std::memory_order_relaxed);
  for (size_t i = 0; i < sockets.count; ++i) {
    if (full)
      poller.unwatchListener(sockets.fds[i]);
    else
      poller.watchListener(sockets.fds[i]);
  }
}

void Listeners::close(Poller &poller) {
  const Sockets &sockets = server.sockets[number];
  for (size_t i = 0; i < sockets.count; ++i) {
    // Not left to close(): the socket lives on while another process has it, and would still be watched, and clients
    // would still be let in to whom nobody answers.
    poller.unwatchListener(sockets.fds[i]);
    shutdown(sockets.fds[i], SHUT_RD);
    // One that several pollers share is the first one's.
    if (number == 0 || sockets.fds[i] != server.sockets[0].fds[i])
      ::close(sockets.fds[i]);
  }
  isClosed = true;
}

} // namespace flux::net
