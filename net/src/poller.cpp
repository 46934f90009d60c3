#include "poller.h"

#include "layer.h"
#include "server.h"
#include "streams.h"

#include <algorithm>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace flux::net {

namespace {

/// Marks what stands for a descriptor that is no connection in an event. A descriptor is less.
constexpr uint64_t kSpecial = uint64_t(1) << 31;

/// How long a connection must have been idle to be closed in favour of a new one.
constexpr Deadline kIdleWhenCrowdedMs = 1000;

/// How often the source looks after what it cannot be told about: room for new connections, the end of running flows.
constexpr Deadline kCrowdedTickMs = 100, kStoppingTickMs = 20;

/// How much later than a deadline it may be noticed, at most: so many that are near each other are found in one look.
constexpr Deadline kSlackMs = 100;

bool control(int epoll, int operation, int fd, uint32_t events, uint64_t what) {
  epoll_event event = {};
  event.events = events;
  event.data.u64 = what;
  return epoll_ctl(epoll, operation, fd, &event) == 0;
}

constexpr uint32_t kInput = EPOLLIN | EPOLLRDHUP | EPOLLET;

} // namespace

void Poller::Queue::push(Connection &c) {
  c.next = nullptr;
  (first ? last->next : first) = &c;
  last = &c;
}

int Poller::open() {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const bool made =
      epoll >= 0 && wakeup >= 0 &&
      control(epoll, EPOLL_CTL_ADD, wakeup, EPOLLIN | EPOLLET, kSpecial | static_cast<uint64_t>(wakeup)) &&
      listeners.open(*this);
  if (made)
    return 0;
  const int error = errno;
  close(epoll);
  close(wakeup);
  epoll = wakeup = -1;
  return error;
}

const flux_net_options &Poller::options() const { return server.options; }

bool Poller::watch(Connection &c) {
  if (c.output.watched)
    return true;
  c.output.watched = control(epoll, EPOLL_CTL_ADD, c.fd, kInput, idOf(c));
  return c.output.watched;
}

void Poller::unwatch(Connection &c) {
  if (c.output.watched)
    control(epoll, EPOLL_CTL_DEL, c.fd, 0, 0);
  c.output.watched = c.output.watchedForRoom = false;
}

void Poller::watchForRoom(Connection &c, bool wanted) {
  if (c.output.watchedForRoom == wanted)
    return;
  const int operation = c.output.watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (!control(epoll, operation, c.fd, kInput | (wanted ? uint32_t{EPOLLOUT} : 0), idOf(c)))
    return breakOff(c);
  c.output.watched = true;
  c.output.watchedForRoom = wanted;
}

// Changing what is watched for makes an edge-triggered event again of what is there.
void Poller::awaitRoom(Connection &c) {
  c.output.watchedForRoom = false;
  watchForRoom(c, true);
}

// Level-triggered, so that nothing needs to be remembered about connections left in the backlog, and exclusive, so that
// one connection does not wake every process that shares the socket.
bool Poller::watchListener(int fd) {
  return control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE, kSpecial | static_cast<uint64_t>(fd));
}

void Poller::unwatchListener(int fd) { control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

void Poller::enqueue(Connection &c) {
  {
    const Locked lock(mutex);
    handed.push(c);
    anyHanded.store(true, std::memory_order_seq_cst);
  }
  // Sequentially consistent, as in wait(): either that sees that there is something, or this sees it sleep.
  if (sleeping.load(std::memory_order_seq_cst))
    wake();
}

Connection *Poller::take() {
  // Relaxed: what is missed now, wait() will see.
  if (!found.first && anyHanded.load(std::memory_order_relaxed)) {
    const Locked lock(mutex);
    found = handed;
    handed = Queue();
    anyHanded.store(false, std::memory_order_relaxed);
  }
  Connection *c = found.first;
  if (c)
    found.first = c->next;
  return c;
}

void Poller::hand(Arrival &arrival) {
  {
    const Locked lock(mutex);
    arrival.next = nullptr;
    (firstArrival ? lastArrival->next : firstArrival) = &arrival;
    lastArrival = &arrival;
    anyArrival.store(true, std::memory_order_seq_cst); // see enqueue()
  }
  if (sleeping.load(std::memory_order_seq_cst))
    wake();
}

Arrival *Poller::takeArrival() {
  if (!anyArrival.load(std::memory_order_relaxed))
    return nullptr;
  const Locked lock(mutex);
  Arrival *arrival = firstArrival;
  firstArrival = arrival->next;
  if (!firstArrival)
    anyArrival.store(false, std::memory_order_relaxed);
  return arrival;
}

void Poller::wake() {
  if (!sleeping.exchange(false, std::memory_order_relaxed))
    return;
  const uint64_t one = 1;
  // It fails only if the counter is full, and then the source has been woken already.
  [[maybe_unused]] const ssize_t written = write(wakeup, &one, sizeof one);
}

/// When wait() is to return though nothing happens.
Deadline Poller::nextTurn() const {
  if (stopping())
    return nowMs() + kStoppingTickMs;
  const Deadline until = nextLook.load(std::memory_order_seq_cst); // see lookBy()
  return listeners.paused() ? std::min(until, nowMs() + kCrowdedTickMs) : until;
}

/// Whether there are connections to accept.
bool Poller::dispatch(const epoll_event *events, int count) {
  constexpr uint32_t kHangup = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  bool arrived = false;
  for (int i = 0; i < count; ++i) {
    const flux_net_id what = events[i].data.u64;
    if (what & kSpecial) {
      // The counter of `wakeup` need not be read: edge-triggered, each write is an event.
      arrived |= (what & (kSpecial - 1)) != static_cast<uint64_t>(wakeup);
      continue;
    }
    if (events[i].events & EPOLLOUT) {
      Connection &c = *connectionOf(what);
      const Locked lock(c.output.mutex);
      if (isAlive(c, what))
        flush(c);
    }
    Connection *c = claim(what, events[i].events & kHangup);
    if (!c)
      continue;
    // It may have gone to another poller since.
    Poller &its = *c->poller.load(std::memory_order_relaxed);
    if (&its == this)
      found.push(*c);
    else
      its.enqueue(*c);
  }
  return arrived;
}

void Poller::wait() {
  sleeping.store(true, std::memory_order_seq_cst); // see enqueue()
  const bool idle = !anyHanded.load(std::memory_order_seq_cst) && !anyArrival.load(std::memory_order_seq_cst);
  constexpr int kMost = 128;
  epoll_event events[kMost];
  const int count = epoll_wait(epoll, events, kMost, idle ? pollTimeout(nextTurn()) : 0);
  sleeping.store(false, std::memory_order_relaxed);
  const bool arrived = dispatch(events, count);
  if (arrived && !stopping())
    listeners.accept(*this);
  const Deadline now = nowMs();
  if (now >= nextLook.load(std::memory_order_relaxed))
    lookAtDeadlines(now);
  if (listeners.paused() && !stopping()) {
    closeIdle(now);
    listeners.accept(*this);
  }
}

void Poller::lookBy(Deadline deadline) {
  if (deadline == kNoDeadline)
    return;
  Deadline present = nextLook.load(std::memory_order_relaxed);
  while (deadline + kSlackMs < present &&
         !nextLook.compare_exchange_weak(present, deadline + kSlackMs, std::memory_order_seq_cst)) {
  }
  // Somebody else's, which the source does not know of where it sleeps; see enqueue() for the order.
  if (deadline + kSlackMs < present && sleeping.load(std::memory_order_seq_cst))
    wake();
}

/// Whether a connection that has had its time lives on.
static bool lingers(Connection &c, const Layer *layer) { return layer && layer->linger && layer->linger(c); }

// Deadlines are long enough that a walk over the table is cheaper than keeping them sorted: it happens when the nearest
// that has been announced has passed.
void Poller::lookAtDeadlines(Deadline now) {
  nextLook.store(kNoDeadline, std::memory_order_relaxed);
  for (size_t fd = 0, end = highestConnection(); fd < end; ++fd) {
    Connection *c = connectionAt(fd);
    // Acquire: what is read below is of this life of the connection, or of a later one; then claiming it fails.
    if (!c || ownershipOf(*c, std::memory_order_acquire) == Ownership::Vacant ||
        c->poller.load(std::memory_order_relaxed) != this)
      continue;
    breakOffIfOverdue(*c, now);
    if (const Deadline by = c->output.takeBy.load(std::memory_order_relaxed); by != 0)
      lookBy(by);
    if (!claimOverdue(*this, fd, now)) {
      // A flow that has it gives it another one.
      const Deadline deadline = c->deadline.load(std::memory_order_relaxed);
      lookBy(deadline > now ? deadline : now + kCrowdedTickMs);
      continue;
    }
    c->expired = c->started || c->phase == Phase::Draining;
    if (c->expired || lingers(*c, server.layer))
      found.push(*c);
    else
      closeConnection(*c);
  }
}

void Poller::closeIdle(Deadline now) {
  if (now < nextCloseIdle)
    return;
  nextCloseIdle = now + kCrowdedTickMs;
  const uint32_t idle = options().idle_ms;
  const Deadline longIdle = idle == FLUX_NET_NEVER ? 0 : now + idle - kIdleWhenCrowdedMs;
  int left = 16;
  for (size_t fd = 0, end = highestConnection(); fd < end && left > 0; ++fd) {
    Connection *c = claimOverdue(*this, fd, longIdle);
    if (!c)
      continue;
    if (c->started || c->phase != Phase::Open) {
      found.push(*c);
    } else {
      closeConnection(*c);
      --left;
    }
  }
}

void Poller::connectionArrived() { connections.fetch_add(1, std::memory_order_relaxed); }

// Release: whoever sees that it has left sees it where it has arrived.
void Poller::connectionLeft() { connections.fetch_sub(1, std::memory_order_release); }

void Poller::connectionOpened() {
  connectionArrived();
  server.door->connections.fetch_add(1, std::memory_order_relaxed);
}

void Poller::connectionClosed() {
  server.door->connections.fetch_sub(1, std::memory_order_relaxed);
  connectionLeft();
  if (listeners.paused() && sleeping.load(std::memory_order_relaxed))
    wake();
}

void Poller::stop() {
  if (!stopping()) {
    listeners.accept(*this);
    listeners.close(*this);
    stopMs = nowMs();
  }
  stopped.store(true, std::memory_order_relaxed);
  for (size_t fd = 0, end = highestConnection(); fd < end; ++fd) {
    if (Connection *c = claimOverdue(*this, fd, kNoDeadline))
      found.push(*c);
    else if (options().frame == FLUX_NET_CONNECTION)
      endReading(*this, fd);
  }
}

} // namespace flux::net
