/// adopt.cpp - connections that go from one server to another. Only programs that use WebSocket have this linked.
#include "connection.h"
#include "poller.h"
#include "server.h"

#include <errno.h>
#include <stdlib.h>

namespace flux::net {

int adopt(Connection &c, Poller &to, void *exchange, Parcel &greeting) {
  const size_t dataSize = to.options().data_size;
  void *data = dataSize > 0 ? calloc(1, dataSize) : nullptr;
  if (dataSize > 0 && !data)
    return ENOMEM;
  Poller &from = *c.poller.load(std::memory_order_relaxed);
  if (from.options().closed && c.announced)
    from.options().closed(&c);
  free(c.data);
  c.data = data;
  c.exchange = exchange;
  c.group.store(0, std::memory_order_relaxed);
  to.connectionArrived();
  {
    // Whoever sends to the connections of one of the servers finds it here or there.
    const Locked lock(c.output.mutex);
    from.unwatch(c);
    // Relaxed: others have the lock, or the connection after this holder.
    c.poller.store(&to, std::memory_order_relaxed);
    greeting.post(c); // a client that is gone, its reader finds
  }
  from.connectionLeft();
  c.isWatched = false;
  c.more = true; // no event will come again
  announce(c);
  return 0;
}

} // namespace flux::net
