// poller.cpp - waiting for clients.
#include "poller.h"
#include "options.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <flux/flux.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace web {
namespace {

/// Marks the tokens of descriptors that are not connections.
constexpr uint64_t special = uint64_t(1) << 31;

/// How long a connection must have been idle to be closed in favour of a new one.
constexpr int64_t idleWhenCrowdedMs = 1000;

/// How often Listen looks after what it cannot be told about: room for new connections, the end of running flows.
constexpr int64_t crowdedTickMs = 100;
constexpr int64_t stoppingTickMs = 20;

bool control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {};
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, operation, fd, &event) == 0;
}

} // namespace

// Made by their threads, not before main: processes that are forked from one another must not share them.
Poller &makePoller() {
  static std::mutex mutex;
  static std::deque<Poller> all;
  std::lock_guard<std::mutex> guard(mutex);
  return all.emplace_back();
}

Poller::Poller() : number(flux_replica()) {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll < 0 || wakeup < 0 || !control(epoll, EPOLL_CTL_ADD, wakeup, EPOLLIN | EPOLLET, special | wakeup))
    failure = errno;
}

bool Poller::watch(Connection &c) {
  return control(epoll, EPOLL_CTL_ADD, c.fd, EPOLLIN | EPOLLRDHUP | EPOLLET, eventToken(c));
}

// Level-triggered, so that nothing needs to be remembered about connections left in the backlog, and exclusive, so that
// one connection does not wake every process that shares the socket.
bool Poller::watchListener(int fd) { return control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE, special | fd); }

void Poller::unwatchListener(int fd) { control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

bool Poller::listen() {
  if (failure) {
    fprintf(stderr, "web: cannot wait for connections: %s\n", strerror(failure));
    return false;
  }
  return listeners.open(*this);
}

void Poller::accept() { listeners.accept(*this); }

void Poller::enqueue(Connection &c) {
  {
    std::lock_guard<std::mutex> guard(mutex);
    handed.push(c);
    anyHanded.store(true, std::memory_order_relaxed);
  }
  // Either wait() finds the connection when it looks under the mutex, or it has set the flag before that.
  if (sleeping.load(std::memory_order_relaxed))
    wake();
}

Connection *Poller::take() {
  // Relaxed: what is missed now, wait() will see.
  if (!found.first && anyHanded.load(std::memory_order_relaxed)) {
    std::lock_guard<std::mutex> guard(mutex);
    found = handed;
    handed = Queue();
    anyHanded.store(false, std::memory_order_relaxed);
  }
  Connection *c = found.first;
  if (c)
    found.first = c->next;
  return c;
}

void Poller::wake() {
  if (!sleeping.exchange(false, std::memory_order_relaxed))
    return;
  uint64_t one = 1;
  // It fails only if the counter is full, and then Listen has been woken already.
  [[maybe_unused]] ssize_t n = write(wakeup, &one, sizeof one);
}

int Poller::timeout() {
  int64_t now = monotonicMs();
  int64_t until = nextLook.load(std::memory_order_relaxed);
  if (stopping())
    until = now + stoppingTickMs;
  else if (listeners.paused())
    until = std::min(until, now + crowdedTickMs);
  if (until == never)
    return -1;
  // One more than the coarse clock's step, lest it wakes just before the deadline.
  return static_cast<int>(std::clamp<int64_t>(until - now + 5, 0, 60 * 1000));
}

void Poller::wait() {
  sleeping.store(true, std::memory_order_relaxed);
  bool idle;
  {
    std::lock_guard<std::mutex> guard(mutex);
    idle = handed.first == nullptr;
  }
  struct epoll_event events[128];
  int n = epoll_wait(epoll, events, 128, idle ? timeout() : 0);
  sleeping.store(false, std::memory_order_relaxed);
  bool arrived = false;
  for (int i = 0; i < n; ++i) {
    uint64_t token = events[i].data.u64;
    if (token & special) {
      // The counter of `wakeup` need not be read: edge-triggered, each write is an event.
      arrived |= (token & (special - 1)) != static_cast<uint64_t>(wakeup);
    } else if (Connection *c = claim(token, events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))) {
      found.push(*c);
    }
  }
  if (arrived && !stopping())
    accept();
  int64_t now = monotonicMs();
  if (now >= nextLook.load(std::memory_order_relaxed))
    lookAtDeadlines(now);
  if (listeners.paused() && !stopping()) {
    closeIdle(now);
    accept();
  }
}

void Poller::lookBy(int64_t deadline) {
  int64_t present = nextLook.load(std::memory_order_relaxed);
  while (deadline < present && !nextLook.compare_exchange_weak(present, deadline, std::memory_order_relaxed))
    ;
}

// Clients are few enough and deadlines long enough that a walk over the table is cheaper than keeping them sorted:
// it happens once per idle timeout, or when a deadline nearer than that has been announced.
void Poller::lookAtDeadlines(int64_t now) {
  nextLook.store(never, std::memory_order_relaxed);
  for (size_t fd = 0, end = highestConnection(); fd < end; ++fd) {
    if (Connection *c = claimOverdue(*this, fd, now)) {
      if (c->headStarted && !c->draining) {
        c->expired = true;
        found.push(*c);
      } else {
        closeConnection(*c);
      }
    } else {
      lookBy(deadlineOf(*this, fd, now));
    }
  }
}

void Poller::closeIdle(int64_t now) {
  if (now < nextCloseIdle)
    return;
  nextCloseIdle = now + crowdedTickMs;
  int64_t longIdle = now + options().idleTimeoutMs - idleWhenCrowdedMs;
  int left = 16;
  for (size_t fd = 0, end = highestConnection(); fd < end && left; ++fd) {
    Connection *c = claimOverdue(*this, fd, longIdle);
    if (!c)
      continue;
    if (c->headStarted || c->draining || c->skip) {
      found.push(*c);
    } else {
      closeConnection(*c);
      --left;
    }
  }
}

void Poller::connectionClosed() {
  open.fetch_sub(1, std::memory_order_relaxed);
  if (listeners.paused() && sleeping.load(std::memory_order_relaxed))
    wake();
}

void Poller::stop() {
  if (!stopping()) {
    accept();
    listeners.close(*this);
  }
  stopped.store(true, std::memory_order_relaxed);
  for (size_t fd = 0, end = highestConnection(); fd < end; ++fd)
    if (Connection *c = claimOverdue(*this, fd, never))
      found.push(*c);
}

} // namespace web
