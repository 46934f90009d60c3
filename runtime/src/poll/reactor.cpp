#include "poll/reactor.h"

#include "core/os/clock.h"
#include "core/os/real.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace flux {

namespace {

/// How long a sleep may be that a poke does not end.
constexpr uint64_t kUnwatchedNs = 10 * kNsPerMs;

bool concerns(const DescriptorWait &wait, uint32_t events) {
  return (events & (wait.events | EPOLLERR | EPOLLHUP)) != 0;
}

Outcome outcomeOf(Arming arming) {
  switch (arming) {
  case Arming::Unwatchable:
    return Outcome::Unwatchable;
  case Arming::NoMemory:
    return Outcome::NoMemory;
  case Arming::Armed:
    break;
  }
  return Outcome::Pending;
}

} // namespace

bool Reactor::open(Poller &chosen, Resume resumeWait, void *ownerOfWaits) {
  poller = &chosen;
  resume = resumeWait;
  owner = ownerOfWaits;
  wakeDescriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return poller->open() && wakeDescriptor >= 0;
}

void Reactor::close() {
  if (poller)
    poller->close();
  real::close(wakeDescriptor);
  free(descriptors);
  descriptors = nullptr;
  numDescriptors = 0;
}

bool Reactor::attach() { return poller->attach() && watchPokes(); }

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

/// Watches the descriptor of a pending wait, for what all its pending waits want together. That may be nothing but
/// errors and hang-ups, which are always told.
Outcome Reactor::arm(const DescriptorWait &wait) {
  Descriptor &descriptor = descriptors[wait.fd];
  uint32_t events = 0;
  for (DescriptorWait *each = descriptor.first; each; each = each->next)
    if (each->wait->outcome == Outcome::Pending)
      events |= each->events;
  // What closes it meanwhile tells us afterwards, and then nothing is watched that should not be.
  const DescriptorUse use(used, wait);
  return use.holds ? outcomeOf(poller->arm(wait.fd, descriptor.watch, events)) : Outcome::Closed;
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
    DescriptorWait *&first = descriptors[each.fd].first;
    // Either closedElsewhere() sees that the descriptor is waited for, or arm() sees its new generation.
    if (!first)
      waitedFor.addAlone(each.fd);
    each.next = first;
    first = &each;
    wait.outcome = arm(each);
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
  if (wait.timer.queued)
    timers.remove(wait.timer);
  for (size_t i = 0; i < count; ++i) {
    DescriptorWait &each = waits[i];
    if (!each.wait)
      continue;
    Descriptor &descriptor = descriptors[each.fd];
    DescriptorWait **link = &descriptor.first;
    while (*link != &each)
      link = &(*link)->next;
    *link = each.next;
    each.wait = nullptr;
    if (descriptor.first)
      continue;
    waitedFor.removeAlone(each.fd);
    if (descriptor.watch.armed)
      poller->disarm(each.fd, descriptor.watch);
  }
}

void Reactor::complete(Wait &wait, Outcome outcome) {
  if (wait.outcome != Outcome::Pending)
    return;
  wait.outcome = outcome;
  resume(owner, wait);
}

void Reactor::closing(int fd) {
  if (fd < 0 || static_cast<size_t>(fd) >= numDescriptors)
    return;
  Descriptor &descriptor = descriptors[fd];
  poller->forget(fd, descriptor.watch);
  for (DescriptorWait *each = descriptor.first; each; each = each->next) {
    // A job that was to try again and has not run yet need not find out.
    if (each->wait->outcome == Outcome::Ready)
      each->wait->outcome = Outcome::Closed;
    complete(*each->wait, Outcome::Closed);
  }
}

void Reactor::closedElsewhere(int fd) {
  std::atomic_thread_fence(std::memory_order_seq_cst); // see add()
  if (fd < 0 || !waitedFor.has(fd))
    return;
  closed.add(fd);
  // Release: the taker sees the descriptor in the set.
  anyClosed.store(true, std::memory_order_release);
  poke();
}

/// Ends the waits for what a number stood for before it was closed. Those for what it stands for now go on; the poller
/// may have been watching either.
void Reactor::endStale(int fd) {
  if (static_cast<size_t>(fd) >= numDescriptors || !descriptors[fd].first)
    return;
  poller->forgetClosed(fd, descriptors[fd].watch);
  for (DescriptorWait *each = descriptors[fd].first; each; each = each->next)
    if (!each->isStill())
      complete(*each->wait, Outcome::Closed);
  armAgain(fd);
}

/// Watches for what is still waited for.
void Reactor::armAgain(int fd) {
  const DescriptorWait *pending = descriptors[fd].first;
  while (pending && pending->wait->outcome != Outcome::Pending)
    pending = pending->next;
  const Outcome outcome = pending ? arm(*pending) : Outcome::Pending;
  if (outcome == Outcome::Pending || outcome == Outcome::Closed)
    return;
  for (DescriptorWait *each = descriptors[fd].first; each; each = each->next)
    complete(*each->wait, Outcome::Ready); // their calls will find out what is wrong
}

void Reactor::dispatch(const Ready &ready) {
  Descriptor &descriptor = descriptors[ready.fd];
  if (ready.generation != descriptor.watch.generation)
    return;
  descriptor.watch.armed = ready.staysArmed;
  descriptor.watch.halfClosed = (ready.events & EPOLLRDHUP) != 0;
  const Outcome failure = ready.failed ? outcomeOf(armingOf(ready.failed)) : Outcome::Ready;
  bool isLeft = false;
  for (DescriptorWait *each = descriptor.first; each; each = each->next)
    if (ready.failed || concerns(*each, ready.events))
      complete(*each->wait, failure);
    else
      isLeft = true;
  if (isLeft && !ready.staysArmed)
    armAgain(ready.fd);
}

/// Watches for the next poke(), unless that is being done.
bool Reactor::watchPokes() {
  return wakeWatch.armed || poller->arm(wakeDescriptor, wakeWatch, EPOLLIN) == Arming::Armed;
}

/// Makes the next poke() an event again, once it is watched for.
void Reactor::takePokes() {
  uint64_t value;
  wakeWatch.armed = false;
  // It fails only when there was none since the last time.
  [[maybe_unused]] const ssize_t count = real::read(wakeDescriptor, &value, sizeof value);
}

void Reactor::expire(uint64_t now) {
  while (Timer *timer = timers.takeExpired(now)) {
    auto *wait = reinterpret_cast<Wait *>(reinterpret_cast<char *>(timer) - offsetof(Wait, timer));
    complete(*wait, Outcome::TimedOut);
  }
}

void Reactor::poll(uint64_t timeoutNs) {
  constexpr int kReady = 128;
  Ready ready[kReady];
  used.clear(); // if a signal handler has jumped out of a system call
  // Nothing below changes that: a wait that is over is taken out by its owner.
  const uint64_t earliest = timers.earliest();
  if (timeoutNs > 0 && earliest != kNever) {
    const uint64_t now = nowNs();
    const uint64_t left = earliest > now ? earliest - now : 0;
    timeoutNs = left < timeoutNs ? left : timeoutNs;
  }
  // Without memory to watch, pokes are heard when the sleep is over.
  if (!watchPokes() && timeoutNs > kUnwatchedNs)
    timeoutNs = kUnwatchedNs;
  const int count = poller->wait(ready, kReady, timeoutNs);
  bool poked = false;
  for (int i = 0; i < count; ++i) {
    if (ready[i].fd == wakeDescriptor) {
      takePokes();
      poked = true;
    } else {
      dispatch(ready[i]);
    }
  }
  // Acquire: see closedElsewhere().
  if (poked && anyClosed.exchange(false, std::memory_order_acquire))
    closed.takeEach([this](int fd) {
      const size_t end = fd == DescriptorSet::kBeyond ? numDescriptors : static_cast<size_t>(fd) + 1;
      for (auto each = static_cast<size_t>(fd); each < end; ++each)
        endStale(static_cast<int>(each));
    });
  if (earliest == kNever)
    return;
  if (const uint64_t now = nowNs(); now >= earliest)
    expire(now);
}

void Reactor::poke() {
  // It is part of calls in which no thread is cancelled: unlocking a mutex, for one.
  int state;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  const int saved = errno;
  const uint64_t one = 1;
  // It fails only when the counter is full, and then poll() returns anyway.
  if (real::write(wakeDescriptor, &one, sizeof one) < 0)
    errno = saved;
  pthread_setcancelstate(state, nullptr);
}

} // namespace flux
