#include "io/reactor.h"

#include "core/clock.h"
#include "io/real.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flux {

namespace {

/// Sleeps for at most `timeoutNs`. Milliseconds, rounded up, where the kernel knows nothing finer (before 5.11).
int epollWait(int epoll, epoll_event *events, int capacity, uint64_t timeoutNs) {
  static bool coarse = false;
  if (timeoutNs == 0 || timeoutNs == kNever)
    return real::epoll_wait(epoll, events, capacity, timeoutNs == 0 ? 0 : -1);
#ifdef SYS_epoll_pwait2
  if (!coarse) {
    const timespec timeout = toTimespec(timeoutNs);
    const long count = syscall(SYS_epoll_pwait2, epoll, events, capacity, &timeout, nullptr, 0);
    if (count >= 0 || errno != ENOSYS)
      return static_cast<int>(count);
    coarse = true;
  }
#endif
  const uint64_t ms = (timeoutNs + kNsPerMs - 1) / kNsPerMs;
  return real::epoll_wait(epoll, events, capacity, ms < INT32_MAX ? static_cast<int>(ms) : INT32_MAX);
}

bool concerns(const DescriptorWait &wait, uint32_t events) {
  return (events & (wait.events | EPOLLERR | EPOLLHUP)) != 0;
}

} // namespace

bool Reactor::open(Resume resumeFiber, void *ownerOfFibers) {
  resume = resumeFiber;
  owner = ownerOfFibers;
  epoll = epoll_create1(EPOLL_CLOEXEC);
  wakeDescriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.fd = wakeDescriptor;
  return epoll >= 0 && wakeDescriptor >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, wakeDescriptor, &event) == 0;
}

void Reactor::close() {
  real::close(epoll);
  real::close(wakeDescriptor);
  free(descriptors);
  descriptors = nullptr;
  numDescriptors = 0;
}

bool Reactor::growTo(int fd) {
  const auto index = static_cast<size_t>(fd);
  if (index < numDescriptors)
    return true;
  size_t count = numDescriptors ? numDescriptors : 64;
  while (count <= index)
    count *= 2;
  void *grown = realloc(descriptors, count * sizeof(Descriptor));
  if (!grown)
    return false;
  descriptors = static_cast<Descriptor *>(grown);
  memset(descriptors + numDescriptors, 0, (count - numDescriptors) * sizeof(Descriptor));
  numDescriptors = count;
  return true;
}

/// Arms the descriptor for what its pending waits want, together.
Outcome Reactor::arm(int fd) {
  Descriptor &descriptor = descriptors[fd];
  epoll_event event = {};
  event.data.fd = fd;
  for (DescriptorWait *each = descriptor.first; each; each = each->next)
    if (each->wait->outcome == Outcome::Pending)
      event.events |= each->events;
  if (event.events == 0)
    return Outcome::Pending;
  event.events |= EPOLLONESHOT;
  // What is known may have become wrong by a close() or a dup2() that nobody told us about: then the other one is
  // right.
  for (int tries = 0; tries < 2; ++tries) {
    if (epoll_ctl(epoll, descriptor.known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0) {
      descriptor.known = descriptor.armed = true;
      return Outcome::Pending;
    }
    if (errno != ENOENT && errno != EEXIST)
      break;
    descriptor.known = errno == EEXIST;
  }
  descriptor.known = false;
  return errno == ENOMEM || errno == ENOSPC ? Outcome::NoMemory : Outcome::Unwatchable;
}

bool Reactor::add(Wait &wait, DescriptorWait *waits, size_t count, uint64_t deadline) {
  for (size_t i = 0; i < count && wait.outcome == Outcome::Pending; ++i) {
    DescriptorWait &each = waits[i];
    if (each.fd < 0)
      continue;
    if (!growTo(each.fd)) {
      wait.outcome = Outcome::NoMemory;
      break;
    }
    each.wait = &wait;
    each.next = descriptors[each.fd].first;
    descriptors[each.fd].first = &each;
    wait.outcome = arm(each.fd);
  }
  if (wait.outcome != Outcome::Pending) {
    remove(wait, waits, count);
    return false;
  }
  if (deadline != kNever)
    timers.add(wait.timer, deadline);
  return true;
}

void Reactor::remove(Wait &wait, DescriptorWait *waits, size_t count) {
  timers.remove(wait.timer);
  for (size_t i = 0; i < count; ++i) {
    DescriptorWait &each = waits[i];
    if (!each.wait)
      continue;
    DescriptorWait **link = &descriptors[each.fd].first;
    while (*link != &each)
      link = &(*link)->next;
    *link = each.next;
    each.wait = nullptr;
  }
}

void Reactor::complete(Wait &wait, Outcome outcome) {
  if (wait.outcome != Outcome::Pending)
    return;
  wait.outcome = outcome;
  resume(owner, *wait.fiber);
}

void Reactor::closing(int fd) {
  if (fd < 0 || static_cast<size_t>(fd) >= numDescriptors)
    return;
  Descriptor &descriptor = descriptors[fd];
  // The number may live on in a duplicate, whose events would come for the wrong descriptor.
  if (descriptor.armed)
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr);
  descriptor.known = descriptor.armed = false;
  for (DescriptorWait *each = descriptor.first; each; each = each->next)
    complete(*each->wait, Outcome::Closed);
}

void Reactor::dispatch(int fd, uint32_t events) {
  Descriptor &descriptor = descriptors[fd];
  descriptor.armed = false;
  for (DescriptorWait *each = descriptor.first; each; each = each->next)
    if (concerns(*each, events))
      complete(*each->wait, Outcome::Ready);
  if (descriptor.first && arm(fd) != Outcome::Pending)
    for (DescriptorWait *each = descriptor.first; each; each = each->next)
      complete(*each->wait, Outcome::Ready); // their calls will find out what is wrong
}

void Reactor::expire() {
  if (timers.earliest() == kNever)
    return;
  const uint64_t now = nowNs();
  while (Timer *timer = timers.takeExpired(now)) {
    auto *wait = reinterpret_cast<Wait *>(reinterpret_cast<char *>(timer) - offsetof(Wait, timer));
    complete(*wait, Outcome::TimedOut);
  }
}

bool Reactor::poll(uint64_t timeoutNs) {
  constexpr int kEvents = 128;
  epoll_event events[kEvents];
  if (timeoutNs > 0 && timers.earliest() != kNever) {
    const uint64_t now = nowNs();
    const uint64_t left = timers.earliest() > now ? timers.earliest() - now : 0;
    timeoutNs = left < timeoutNs ? left : timeoutNs;
  }
  const int count = epollWait(epoll, events, kEvents, timeoutNs);
  bool poked = false;
  for (int i = 0; i < count; ++i) {
    if (events[i].data.fd != wakeDescriptor) {
      dispatch(events[i].data.fd, events[i].events);
      continue;
    }
    uint64_t value;
    poked = real::read(wakeDescriptor, &value, sizeof value) == sizeof value;
  }
  expire();
  return poked;
}

void Reactor::poke() {
  const int saved = errno;
  const uint64_t one = 1;
  // It fails only when the counter is full, and then poll() returns anyway.
  if (real::write(wakeDescriptor, &one, sizeof one) < 0)
    errno = saved;
}

} // namespace flux
