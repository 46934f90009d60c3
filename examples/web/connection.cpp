// connection.cpp - the table and the hand-over of connections.
#include "connection.h"
#include "document.h"
#include "options.h"
#include "poller.h"

#include <cstdlib>
#include <ctime>
#include <limits>
#include <new>
#include <sys/socket.h>
#include <unistd.h>

namespace web {
namespace {

/// How long a client may go on sending after our last word.
constexpr int64_t lingerMs = 2000;

enum Ownership : uint64_t { Vacant = 0, Waiting = 1, Held = 2, HeldWithNews = 3 };

std::atomic<Connection *> *table;
size_t tableSize;
std::atomic<size_t> highest{0};

Ownership ownershipOf(uint64_t state) { return static_cast<Ownership>(state & 3); }
uint64_t with(uint64_t state, Ownership ownership) { return (state & ~uint64_t(3)) | ownership; }

void dropDocument(Exchange &exchange) {
  if (exchange.document)
    drop(exchange.document);
  exchange.document = nullptr;
}

} // namespace

bool beginExchange(Connection &c) {
  if (c.exchange)
    return true;
  c.exchange = c.poller.load(std::memory_order_relaxed)->stock.take();
  if (!c.exchange)
    return false;
  c.buffer = c.exchange->own;
  c.capacity = ownBuffer;
  return true;
}

void endExchange(Connection &c) {
  if (c.exchange)
    c.poller.load(std::memory_order_relaxed)->stock.giveBack(std::move(c.exchange));
  c.buffer = nullptr;
  c.capacity = c.begin = c.end = c.scanned = c.headLength = 0;
}

int64_t monotonicMs() {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
  return int64_t(ts.tv_sec) * 1000 + ts.tv_nsec / 1000000;
}

void setDeadline(Connection &c, int64_t ms) {
  int64_t deadline = monotonicMs() + ms;
  c.deadline.store(deadline, std::memory_order_relaxed);
  c.poller.load(std::memory_order_relaxed)->lookBy(deadline);
}

bool makeTable(size_t limit) {
  table = static_cast<std::atomic<Connection *> *>(calloc(limit, sizeof *table));
  tableSize = limit;
  return table != nullptr;
}

Connection &connection(int fd) { return *table[fd].load(std::memory_order_relaxed); }

Connection *openConnection(int fd, Poller &poller) {
  if (size_t(fd) >= tableSize)
    return nullptr;
  Connection *c = table[fd].load(std::memory_order_relaxed);
  if (!c) {
    c = new (std::nothrow) Connection;
    if (!c)
      return nullptr;
    c->fd = fd;
    // Release: claim() may look from another thread.
    table[fd].store(c, std::memory_order_release);
  }
  // Acquire: pairs with closeConnection(), whose thread had the entry before; the kernel orders us behind its close().
  uint64_t generation = (c->state.load(std::memory_order_acquire) >> 2) + 1;
  c->poller.store(&poller, std::memory_order_relaxed);
  c->watched = c->more = c->ended = c->draining = c->expired = c->headStarted = false;
  c->skip = 0;
  c->hangup.store(false, std::memory_order_relaxed);
  setDeadline(*c, options().idleTimeoutMs);
  size_t seen = highest.load(std::memory_order_relaxed);
  while (seen <= size_t(fd) && !highest.compare_exchange_weak(seen, fd + 1, std::memory_order_relaxed))
    ;
  poller.connectionOpened();
  // Release: whoever looks for overdue ones sees the fields above.
  c->state.store(generation << 2 | Held, std::memory_order_release);
  return c;
}

uint64_t eventToken(const Connection &c) {
  return c.state.load(std::memory_order_relaxed) >> 2 << 32 | static_cast<uint32_t>(c.fd);
}

Connection *claim(uint64_t token, bool hangup) {
  Connection &c = connection(static_cast<int>(token & 0xffffffff));
  uint64_t state = c.state.load(std::memory_order_relaxed);
  for (;;) {
    if (static_cast<uint32_t>(state >> 2) != static_cast<uint32_t>(token >> 32))
      return nullptr;
    if (hangup)
      c.hangup.store(true, std::memory_order_relaxed);
    Ownership ownership = ownershipOf(state);
    if (ownership == Vacant || ownership == HeldWithNews)
      return nullptr;
    uint64_t wanted = with(state, ownership == Waiting ? Held : HeldWithNews);
    // Acquire: pairs with the release of the last holder. Release: publishes `hangup` to the present one.
    if (c.state.compare_exchange_weak(state, wanted, std::memory_order_acq_rel, std::memory_order_relaxed))
      return ownership == Waiting ? &c : nullptr;
  }
}

Connection *claimOverdue(const Poller &poller, size_t fd, int64_t now) {
  Connection *c = table[fd].load(std::memory_order_acquire);
  if (!c)
    return nullptr;
  // Acquire: what is read below is of this life of the connection, or of a later one; then the exchange fails.
  uint64_t state = c->state.load(std::memory_order_acquire);
  if (ownershipOf(state) != Waiting || c->poller.load(std::memory_order_relaxed) != &poller ||
      c->deadline.load(std::memory_order_relaxed) > now ||
      !c->state.compare_exchange_strong(state, with(state, Held), std::memory_order_acquire))
    return nullptr;
  return c;
}

int64_t deadlineOf(const Poller &poller, size_t fd, int64_t now) {
  Connection *c = table[fd].load(std::memory_order_acquire);
  if (!c || ownershipOf(c->state.load(std::memory_order_acquire)) == Vacant ||
      c->poller.load(std::memory_order_relaxed) != &poller)
    return std::numeric_limits<int64_t>::max();
  int64_t deadline = c->deadline.load(std::memory_order_relaxed);
  return deadline > now ? deadline : now + options().idleTimeoutMs;
}

bool release(Connection &c) {
  if (!c.watched) {
    // Not unless it has to wait for its client: one that brings a single request usually has it with it.
    c.watched = c.poller.load(std::memory_order_relaxed)->watch(c);
    c.ended = !c.watched;
    if (c.ended)
      return false;
  }
  if (c.begin == c.end)
    endExchange(c);
  uint64_t state = with(c.state.load(std::memory_order_relaxed), Held);
  // Release: the next holder sees what this one wrote. Acquire: on failure, `hangup` comes with the news.
  if (c.state.compare_exchange_strong(state, with(state, Waiting), std::memory_order_release,
                                      std::memory_order_acquire))
    return true;
  c.state.store(with(state, Held), std::memory_order_relaxed);
  return false;
}

void closeConnection(Connection &c) {
  int fd = c.fd;
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  endExchange(c);
  c.state.store(with(c.state.load(std::memory_order_relaxed), Vacant), std::memory_order_release);
  // Last: from here on the kernel may give the number, and with it the entry, to a new connection.
  close(fd);
  poller.connectionClosed();
}

size_t highestConnection() { return highest.load(std::memory_order_relaxed); }

void abandon(Connection &c) {
  dropDocument(*c.exchange);
  closeConnection(c);
}

void finish(Connection &c, bool close, bool linger) {
  Poller &poller = *c.poller.load(std::memory_order_relaxed);
  dropDocument(*c.exchange);
  if (close) {
    bool unread = linger || c.more || c.hangup.load(std::memory_order_relaxed) || c.end > c.begin + c.headLength ||
                  c.exchange->request.bodyLength != 0;
    if (!unread || c.ended || shutdown(c.fd, SHUT_WR) != 0)
      return closeConnection(c);
    c.draining = true;
    setDeadline(c, lingerMs);
    return poller.enqueue(c);
  }
  c.skip = c.exchange->request.bodyLength;
  c.begin += c.headLength;
  c.headLength = 0;
  c.scanned = c.begin;
  c.headStarted = false;
  setDeadline(c, options().idleTimeoutMs);
  bool unread = c.begin != c.end || c.more || c.ended || c.hangup.load(std::memory_order_relaxed);
  if (!unread && !poller.stopping() && release(c))
    return;
  poller.enqueue(c);
}

} // namespace web
