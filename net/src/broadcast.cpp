/// broadcast.cpp - sending to many connections. Only programs that do have this linked.
#include "connection.h"
#include "poller.h"
#include "server.h"

using namespace flux::net;

/// Before flux_init: whoever has this linked means connections of one process.
__attribute__((constructor)) static void sayThatOneProcessIsMeant() { needsOneProcess = true; }

size_t flux::net::broadcast(const Server &server, uint64_t group, Parcel &parcel) {
  size_t count = 0;
  for (size_t fd = 0, end = highestConnection(); fd < end; ++fd) {
    Connection *c = connectionAt(fd);
    // A first look without the lock; the second one counts.
    if (!c || ownershipOf(*c) == Ownership::Vacant || (group != 0 && c->group.load(std::memory_order_relaxed) != group))
      continue;
    const Locked lock(c->output.mutex);
    // Acquire: sees what the connection was set up with.
    const Poller *poller = ownershipOf(*c, std::memory_order_acquire) != Ownership::Vacant
                               ? c->poller.load(std::memory_order_relaxed)
                               : nullptr;
    if (poller && &poller->server == &server && (group == 0 || c->group.load(std::memory_order_relaxed) == group))
      count += parcel.post(*c) == 0;
  }
  return count;
}

void flux_net_join(flux_net_connection *connection, uint64_t group) {
  connection->group.store(group, std::memory_order_relaxed);
}

size_t flux_net_broadcast(flux_net_server *server, uint64_t group, const void *data, size_t size) {
  Parcel parcel(data, size);
  return broadcast(*server, group, parcel);
}
