#include "connection.h"

#include "layer.h"
#include "poller.h"
#include "server.h"
#include "streams.h"

#include <algorithm>
#include <errno.h>
#include <new>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flux::net {

namespace {

/// How long a client may go on sending after our last word.
constexpr uint32_t kLingerMs = 2000;

std::atomic<Connection *> *table = nullptr;
size_t tableSize = 0;
std::atomic<size_t> highest{0};

constexpr uint64_t kOwnership = 3;
constexpr int kGenerationShift = 2, kIdShift = 32;

Ownership ownershipIn(uint64_t state) { return static_cast<Ownership>(state & kOwnership); }
uint64_t with(uint64_t state, Ownership ownership) { return (state & ~kOwnership) | static_cast<uint64_t>(ownership); }
uint32_t generationIn(uint64_t state) { return static_cast<uint32_t>(state >> kGenerationShift); }

/// The entry of a descriptor, made when it is first seen; null without memory.
Connection *entryOf(int fd) {
  std::atomic<Connection *> &place = table[fd];
  if (Connection *c = place.load(std::memory_order_relaxed))
    return c;
  void *memory = calloc(1, sizeof(Connection));
  if (!memory)
    return nullptr;
  auto *c = static_cast<Connection *>(memory);
  new (&c->output.mutex) Mutex;
  c->fd = fd;
  // Release: others look at it from other threads.
  place.store(c, std::memory_order_release);
  return c;
}

void raiseHighest(size_t beyond) {
  size_t seen = highest.load(std::memory_order_relaxed);
  while (seen < beyond && !highest.compare_exchange_weak(seen, beyond, std::memory_order_release)) {
  }
}

} // namespace

size_t openTable() {
  if (table)
    return tableSize;
  rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  constexpr size_t kMost = 1 << 20;
  const size_t size = std::min<rlim_t>(limit.rlim_cur, kMost);
  table = static_cast<std::atomic<Connection *> *>(calloc(size, sizeof *table));
  return table ? tableSize = size : 0;
}

Ownership ownershipOf(const Connection &c, std::memory_order order) { return ownershipIn(c.state.load(order)); }

size_t highestConnection() { return highest.load(std::memory_order_acquire); }

Connection *connectionAt(size_t fd) { return table[fd].load(std::memory_order_acquire); }

Connection *openConnection(int fd, Poller &poller, AddressCount *address) {
  Connection *c = static_cast<size_t>(fd) < tableSize ? entryOf(fd) : nullptr;
  const size_t dataSize = poller.options().data_size;
  void *data = c && dataSize > 0 ? calloc(1, dataSize) : nullptr;
  const flux_tls_context *tls = poller.options().tls;
  Session *session = c && tls ? tls->kind->begin(*tls, fd) : nullptr;
  if (!c || (dataSize > 0 && !data) || (tls && !session)) {
    free(data);
    if (session)
      session->kind->destroy(*session);
    return nullptr;
  }
  // Acquire: pairs with closeConnection(), whose thread had the entry before; the kernel orders us behind its close().
  const uint32_t generation = generationIn(c->state.load(std::memory_order_acquire)) + 1;
  {
    const Locked lock(c->output.mutex);
    c->output.session = session;
    c->output.shut = tls != nullptr;
    c->output.writing = c->output.broken = c->output.watched = c->output.watchedForRoom = false;
    c->poller.store(&poller, std::memory_order_relaxed);
  }
  c->data = data;
  c->streams = nullptr;
  c->address = address;
  c->isWatched = c->more = c->ended = c->expired = c->announced = false;
  c->started = tls != nullptr;
  c->phase = tls ? Phase::Shaking : Phase::Open;
  c->ending = Ending::Keep;
  c->hangup.store(false, std::memory_order_relaxed);
  c->group.store(0, std::memory_order_relaxed);
  setDeadline(*c, tls ? poller.options().message_ms : poller.options().idle_ms);
  raiseHighest(static_cast<size_t>(fd) + 1);
  poller.connectionOpened();
  // Release: whoever looks for it sees the fields above. A generation of 0 would make an id of 0.
  const uint64_t life = generation != 0 ? generation : 1;
  c->state.store(with(life << kGenerationShift, Ownership::Held), std::memory_order_release);
  return c;
}

flux_net_id idOf(const Connection &c) {
  const uint32_t generation = generationIn(c.state.load(std::memory_order_relaxed));
  return static_cast<uint64_t>(generation) << kIdShift | static_cast<uint32_t>(c.fd);
}

Connection *connectionOf(flux_net_id id) {
  const auto fd = static_cast<uint32_t>(id);
  return fd < tableSize ? connectionAt(fd) : nullptr;
}

bool isAlive(const Connection &c, flux_net_id id) {
  const uint64_t state = c.state.load(std::memory_order_acquire);
  return ownershipIn(state) != Ownership::Vacant && generationIn(state) == id >> kIdShift;
}

Connection *claim(flux_net_id id, bool hangup) {
  Connection &c = *connectionOf(id);
  uint64_t state = c.state.load(std::memory_order_relaxed);
  for (;;) {
    if (generationIn(state) != id >> kIdShift)
      return nullptr;
    if (hangup)
      c.hangup.store(true, std::memory_order_relaxed);
    const Ownership ownership = ownershipIn(state);
    if (ownership == Ownership::Vacant || ownership == Ownership::HeldWithNews)
      return nullptr;
    const bool isFree = ownership == Ownership::Waiting;
    const uint64_t wanted = with(state, isFree ? Ownership::Held : Ownership::HeldWithNews);
    // Acquire: pairs with the release of the last holder. Release: publishes `hangup` to the present one.
    if (c.state.compare_exchange_weak(state, wanted, std::memory_order_acq_rel, std::memory_order_relaxed))
      return isFree ? &c : nullptr;
  }
}

Connection *claimOverdue(const Poller &poller, size_t fd, Deadline now) {
  Connection *c = connectionAt(fd);
  if (!c)
    return nullptr;
  // Acquire: what is read below is of this life of the connection, or of a later one; then the exchange fails.
  uint64_t state = c->state.load(std::memory_order_acquire);
  if (ownershipIn(state) != Ownership::Waiting || c->poller.load(std::memory_order_relaxed) != &poller ||
      c->deadline.load(std::memory_order_relaxed) > now ||
      !c->state.compare_exchange_strong(state, with(state, Ownership::Held), std::memory_order_acquire,
                                        std::memory_order_relaxed))
    return nullptr;
  Poller &its = *c->poller.load(std::memory_order_relaxed);
  if (&its == &poller)
    return c;
  its.enqueue(*c); // it has gone there since
  return nullptr;
}

bool release(Connection &c) {
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  if (!c.isWatched) {
    // Not unless it has to wait for its client: one that brings a single message usually has it with it.
    const Locked lock(c.output.mutex);
    c.isWatched = poller.watch(c);
    c.ended = !c.isWatched;
    if (c.ended)
      return false;
  }
  if (c.input.isEmpty()) {
    if (const Layer *layer = poller.server.layer)
      layer->rest(c);
    c.input.clear(poller.stock);
  }
  uint64_t state = with(c.state.load(std::memory_order_relaxed), Ownership::Held);
  // Release: the next holder sees what this one wrote. Acquire: on failure, `hangup` comes with the news.
  if (c.state.compare_exchange_strong(state, with(state, Ownership::Waiting), std::memory_order_release,
                                      std::memory_order_acquire))
    return true;
  c.state.store(with(state, Ownership::Held), std::memory_order_relaxed);
  return false;
}

void setDeadline(Connection &c, uint32_t ms) {
  const Deadline deadline = deadlineIn(ms);
  c.deadline.store(deadline, std::memory_order_relaxed);
  c.poller.load(std::memory_order_relaxed)->lookBy(deadline);
}

void announce(Connection &c) {
  c.announced = true;
  if (const auto opened = c.poller.load(std::memory_order_relaxed)->options().opened)
    opened(&c);
}

void closeConnection(Connection &c, bool abort) {
  const int fd = c.fd;
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  if (c.streams && !c.streams->kind->close(c))
    return;
  if (poller.options().closed && c.announced)
    poller.options().closed(&c);
  free(c.data);
  c.data = nullptr;
  if (c.address)
    poller.server.door->addresses.remove(c.address);
  if (const Layer *layer = poller.server.layer)
    layer->close(c);
  c.input.clear(poller.stock);
  {
    // Who sends to the connection by its id holds the lock: it finds it alive, and its descriptor open, or neither.
    const Locked lock(c.output.mutex);
    if (abort)
      breakOff(c);
    else if (c.output.isEmpty())
      finish(c);
    endSession(c);
    clearQueue(c.output);
    c.output.takeBy.store(0, std::memory_order_relaxed);
    c.state.store(with(c.state.load(std::memory_order_relaxed), Ownership::Vacant), std::memory_order_release);
  }
  // Last: from here on the kernel may give the number, and with it the entry, to a new connection.
  close(fd);
  poller.connectionClosed();
}

bool beginDraining(Connection &c) {
  {
    const Locked lock(c.output.mutex);
    endSession(c);
  }
  if (c.ended || shutdown(c.fd, SHUT_WR) != 0)
    return false;
  c.phase = Phase::Draining;
  setDeadline(c, kLingerMs);
  return true;
}

void endReading(const Poller &poller, size_t fd) {
  Connection *c = connectionAt(fd);
  if (!c)
    return;
  const Locked lock(c->output.mutex);
  if (ownershipOf(*c) != Ownership::Vacant && c->poller.load(std::memory_order_relaxed) == &poller)
    shutdown(c->fd, SHUT_RD);
}

} // namespace flux::net
