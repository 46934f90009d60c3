/// interpose_waits.cpp - calls that wait for several descriptors, or for time.
#include "core/os/clock.h"
#include "core/os/real.h"
#include "posix/blocking.h"
#include "posix/files.h"
#include "posix/helpers.h"
#include "posix/interpose.h"
#include "posix/parking.h"

#include <atomic>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

extern "C" {
[[noreturn]] void __chk_fail(void) noexcept;
int __poll_chk(pollfd *fds, nfds_t count, int timeout, size_t capacity);
int __ppoll_chk(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *mask, size_t capacity);
}

namespace flux {

void linkWaits() {}

namespace {

bool isValid(const timespec &time) {
  return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < static_cast<long>(kNsPerSecond);
}

/// Whether the process is in exit(), behind the handlers that the program has registered.
std::atomic<bool> isExiting{false};

// Relaxed: what matters is the thread in exit() itself.
__attribute__((constructor)) void noticeExit() {
  atexit([] { isExiting.store(true, std::memory_order_relaxed); });
}

uint64_t deadlineInMs(int timeoutMs) {
  return timeoutMs < 0 ? kNever : deadlineIn(static_cast<uint64_t>(timeoutMs) * kNsPerMs);
}

uint64_t left(uint64_t deadline) {
  const uint64_t now = nowNs();
  return deadline > now ? deadline - now : 0;
}

/// Asks `look` again and again until it finds something or fails, or the deadline has come. In between the job is
/// blocked until one of `waits` is ready. A number that comes to stand for something else is for `look` to notice.
template <typename F>
int untilFound(Scheduler &scheduler, DescriptorWait *waits, size_t count, uint64_t deadline, F look) {
  constexpr uint64_t kLookNs = kNsPerMs;
  bool wokenInVain = false;
  for (;;) {
    const int found = look();
    if (found != 0 || left(deadline) == 0)
      return found;
    // A hang-up wakes whoever waits, also a select() that does not count it and would be woken again at once.
    Outcome outcome = wokenInVain ? Outcome::Unwatchable : parkUntil(scheduler, waits, count, deadline);
    wokenInVain = outcome == Outcome::Ready;
    if (outcome == Outcome::Unwatchable)
      // Not ready either, so look at it now and then.
      outcome = parkUntil(scheduler, nullptr, 0, left(deadline) < kLookNs ? deadline : deadlineIn(kLookNs));
    if (outcome == Outcome::Interrupted || outcome == Outcome::NoMemory) {
      errno = outcome == Outcome::Interrupted ? EINTR : ENOMEM;
      return -1;
    }
  }
}

/// Room for the waits of one call: on the stack for a few descriptors.
class Waits {
public:
  explicit Waits(size_t count) : all(count <= kFew ? few : static_cast<DescriptorWait *>(calloc(count, sizeof *all))) {}
  ~Waits() {
    if (all != few)
      free(all);
  }
  Waits(const Waits &) = delete;
  Waits &operator=(const Waits &) = delete;

  /// False, with errno set, if there is no memory.
  explicit operator bool() const { return all != nullptr; }
  void set(size_t i, Scheduler &scheduler, int fd, uint32_t events) {
    all[i] = {fd < 0 ? DescriptorOf() : beginCall(scheduler, fd), events};
  }
  /// Whether a number stands for another file than when set() was called.
  bool isStale(size_t i) const { return !all[i].isStill(); }
  DescriptorWait *get() { return all; }

private:
  static constexpr size_t kFew = 16;
  DescriptorWait few[kFew];
  DescriptorWait *all;
};

void setWaits(Waits &waits, Scheduler &scheduler, const pollfd *fds, nfds_t count) {
  for (nfds_t i = 0; i < count; ++i)
    // The events of poll() and of epoll have the same values, but for a sign.
    waits.set(i, scheduler, fds[i].fd, static_cast<uint16_t>(fds[i].events));
}

/// Makes of what poll() has found, and returned, what it would have of what the numbers stood for when the call began:
/// it says of one that has been closed that it is not valid, whatever it stands for now. Looking takes nothing away, so
/// it is enough to know afterwards that they are the same.
int withoutStale(pollfd *fds, nfds_t count, const Waits &waits, int found) {
  for (nfds_t i = 0; i < count && found >= 0; ++i)
    if (waits.isStale(i)) {
      found += fds[i].revents == 0;
      fds[i].revents = POLLNVAL;
    }
  return found;
}

int pollUntil(Scheduler &scheduler, pollfd *fds, nfds_t count, uint64_t deadline) {
  const int found = real::poll(fds, count, 0);
  if (found != 0)
    return found;
  Waits waits(count);
  if (!waits)
    return -1;
  setWaits(waits, scheduler, fds, count);
  return untilFound(scheduler, waits.get(), count, deadline,
                    [&] { return withoutStale(fds, count, waits, real::poll(fds, count, 0)); });
}

/// The three sets of a select(), and copies for the real one to overwrite.
class Sets {
public:
  Sets(int numFds, fd_set *readable, fd_set *writable, fd_set *exceptional)
      : numFds(numFds), bytes((static_cast<size_t>(numFds) + kBits - 1) / kBits * sizeof(fd_mask)),
        given{readable, writable, exceptional}, copies(static_cast<char *>(malloc(3 * bytes + 1))) {}
  ~Sets() { free(copies); }
  Sets(const Sets &) = delete;
  Sets &operator=(const Sets &) = delete;

  explicit operator bool() const { return copies != nullptr; }

  /// What is ready now, in the copies.
  int look() {
    fd_set *asked[3];
    for (int i = 0; i < 3; ++i) {
      asked[i] = given[i] ? reinterpret_cast<fd_set *>(copies + i * bytes) : nullptr;
      if (given[i])
        memcpy(asked[i], given[i], bytes);
    }
    timeval now = {};
    return real::select(numFds, asked[0], asked[1], asked[2], &now);
  }

  void giveBack() {
    for (int i = 0; i < 3; ++i)
      if (given[i])
        memcpy(given[i], copies + i * bytes, bytes);
  }

  uint32_t eventsOf(int fd) const {
    static constexpr uint32_t events[] = {EPOLLIN, EPOLLOUT, EPOLLPRI};
    uint32_t result = 0;
    for (int i = 0; i < 3; ++i)
      if (given[i] && (reinterpret_cast<const fd_mask *>(given[i])[fd / kBits] >> (fd % kBits) & 1))
        result |= events[i];
    return result;
  }

private:
  static constexpr int kBits = NFDBITS;
  int numFds;
  size_t bytes;
  fd_set *given[3];
  char *copies;
};

void setWaits(Waits &waits, Scheduler &scheduler, const Sets &sets, int numFds) {
  for (int fd = 0; fd < numFds; ++fd) {
    const uint32_t events = sets.eventsOf(fd);
    waits.set(static_cast<size_t>(fd), scheduler, events ? fd : -1, events);
  }
}

/// The same for select(), which has no answer but EBADF then.
int withoutStale(int numFds, const Waits &waits, int found) {
  for (int fd = 0; fd < numFds; ++fd)
    if (waits.isStale(static_cast<size_t>(fd)))
      return asErrno(EBADF);
  return found;
}

int selectUntil(Scheduler &scheduler, int numFds, fd_set *readable, fd_set *writable, fd_set *exceptional,
                uint64_t deadline) {
  Sets sets(numFds, readable, writable, exceptional);
  Waits waits(static_cast<size_t>(numFds));
  if (!sets || !waits)
    return -1;
  setWaits(waits, scheduler, sets, numFds);
  const int found = untilFound(scheduler, waits.get(), static_cast<size_t>(numFds), deadline,
                               [&] { return withoutStale(numFds, waits, sets.look()); });
  if (found >= 0)
    sets.giveBack();
  return found;
}

int epollUntil(Scheduler &scheduler, int epoll, epoll_event *events, int capacity, uint64_t deadline) {
  Call call(scheduler, epoll);
  DescriptorWait wait = {call.first, EPOLLIN};
  // A caller that waits here again has dealt with what there was, so there is hardly ever more already, and flows may
  // have begun that are to run first: looking before waiting only pays where the descriptor may be none of an epoll.
  static thread_local struct {
    int epoll;
    Generation generation;
  } last = {-1, 0};
  const bool isKnown = epoll == last.epoll && wait.generation == last.generation;
  last.epoll = -1;
  if (isKnown && parkUntil(scheduler, &wait, 1, deadline) == Outcome::Interrupted) {
    errno = EINTR;
    return -1;
  }
  const int found = untilFound(scheduler, &wait, 1, deadline, [&] {
    const DescriptorUse use(scheduler.used(), call.first);
    return use.holds ? real::epoll_wait(epoll, events, capacity, 0) : asErrno(EBADF);
  });
  if (found > 0)
    last = {epoll, wait.generation};
  return found;
}

/// Makes a call that waits with other signals let through than the thread lets through itself. A mask is a thread's,
/// and so is the moment at which it changes: a helper waits, with the caller's mask before and after.
template <typename F> int waitMasked(F call) {
  sigset_t callers;
  pthread_sigmask(SIG_SETMASK, nullptr, &callers);
  return lookupHelpers.make([&] {
    sigset_t own;
    pthread_sigmask(SIG_SETMASK, &callers, &own);
    const int found = call();
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &own, nullptr);
    errno = error;
    return found;
  });
}

int pollMasked(Scheduler &scheduler, pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *mask) {
  Waits waits(count);
  if (!waits)
    return -1;
  setWaits(waits, scheduler, fds, count);
  return withoutStale(fds, count, waits, waitMasked([=] { return real::ppoll(fds, count, timeout, mask); }));
}

int selectMasked(Scheduler &scheduler, int numFds, fd_set *readable, fd_set *writable, fd_set *exceptional,
                 const timespec *timeout, const sigset_t *mask) {
  Sets sets(numFds, readable, writable, exceptional);
  Waits waits(static_cast<size_t>(numFds));
  if (!sets || !waits)
    return -1;
  setWaits(waits, scheduler, sets, numFds);
  return withoutStale(
      numFds, waits, waitMasked([=] { return real::pselect(numFds, readable, writable, exceptional, timeout, mask); }));
}

/// epoll_pwait() and its like: what they find may be found once.
template <typename F> int epollMasked(int epoll, F call) {
  const FileCall guarded(epoll);
  return waitMasked([&] { return guarded.attempt(call); });
}

/// Blocks the job until the deadline; false if it was interrupted.
bool sleepUntil(Scheduler &scheduler, uint64_t deadline) {
  if (left(deadline) > 0)
    return parkUntil(scheduler, nullptr, 0, deadline) != Outcome::Interrupted;
  if (mayPark())
    scheduler.yield();
  return true;
}

/// When the clock will show `time`. False for clocks that do not go on while others run, or that would wake the
/// machine.
bool deadlineOf(clockid_t clock, const timespec &time, bool absolute, uint64_t &deadline) {
  if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME && clock != CLOCK_TAI)
    return false;
  deadline = absolute ? deadlineAt(clock, time) : deadlineIn(toNs(time));
  return true;
}

} // namespace
} // namespace flux

using namespace flux;

int poll(pollfd *fds, nfds_t count, int timeout) {
  Scheduler *scheduler = Scheduler::current();
  return scheduler && timeout != 0 ? pollUntil(*scheduler, fds, count, deadlineInMs(timeout))
                                   : real::poll(fds, count, timeout);
}

int ppoll(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *mask) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (timeout && !isValid(*timeout)))
    return real::ppoll(fds, count, timeout, mask);
  if (mask)
    return pollMasked(*scheduler, fds, count, timeout, mask);
  return pollUntil(*scheduler, fds, count, timeout ? deadlineIn(toNs(*timeout)) : kNever);
}

int select(int numFds, fd_set *readable, fd_set *writable, fd_set *exceptional, timeval *timeout) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || numFds < 0 || (timeout && (timeout->tv_sec < 0 || timeout->tv_usec < 0)))
    return real::select(numFds, readable, writable, exceptional, timeout);
  const uint64_t deadline = timeout ? deadlineIn(toNs({timeout->tv_sec, timeout->tv_usec * 1000})) : kNever;
  const int found = selectUntil(*scheduler, numFds, readable, writable, exceptional, deadline);
  if (timeout) { // Linux stores what is left
    const uint64_t us = left(deadline) / 1000;
    timeout->tv_sec = static_cast<time_t>(us / 1000000);
    timeout->tv_usec = static_cast<suseconds_t>(us % 1000000);
  }
  return found;
}

int pselect(int numFds, fd_set *readable, fd_set *writable, fd_set *exceptional, const timespec *timeout,
            const sigset_t *mask) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || numFds < 0 || (timeout && !isValid(*timeout)))
    return real::pselect(numFds, readable, writable, exceptional, timeout, mask);
  if (mask)
    return selectMasked(*scheduler, numFds, readable, writable, exceptional, timeout, mask);
  return selectUntil(*scheduler, numFds, readable, writable, exceptional,
                     timeout ? deadlineIn(toNs(*timeout)) : kNever);
}

int epoll_wait(int epoll, epoll_event *events, int capacity, int timeout) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || timeout == 0 || capacity <= 0)
    return real::epoll_wait(epoll, events, capacity, timeout);
  return epollUntil(*scheduler, epoll, events, capacity, deadlineInMs(timeout));
}

int epoll_pwait(int epoll, epoll_event *events, int capacity, int timeout, const sigset_t *mask) {
  return mask ? epollMasked(epoll, [=] { return real::epoll_pwait(epoll, events, capacity, timeout, mask); })
              : epoll_wait(epoll, events, capacity, timeout);
}

int epoll_pwait2(int epoll, epoll_event *events, int capacity, const timespec *timeout, const sigset_t *mask) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || capacity <= 0 || (timeout && (!isValid(*timeout) || toNs(*timeout) == 0)))
    return real::epoll_pwait2(epoll, events, capacity, timeout, mask);
  if (mask)
    return epollMasked(epoll, [=] { return real::epoll_pwait2(epoll, events, capacity, timeout, mask); });
  return epollUntil(*scheduler, epoll, events, capacity, timeout ? deadlineIn(toNs(*timeout)) : kNever);
}

int clock_nanosleep(clockid_t clock, int flags, const timespec *time, timespec *remaining) {
  Scheduler *scheduler = Scheduler::current();
  const bool absolute = flags == TIMER_ABSTIME;
  uint64_t deadline;
  if (!scheduler || !isValid(*time))
    return real::clock_nanosleep(clock, flags, time, remaining);
  if (!deadlineOf(clock, *time, absolute, deadline))
    return lookupHelpers.make([=] { return real::clock_nanosleep(clock, flags, time, remaining); });
  if (sleepUntil(*scheduler, deadline))
    return 0;
  if (remaining && !absolute)
    *remaining = toTimespec(left(deadline));
  return EINTR;
}

int nanosleep(const timespec *time, timespec *remaining) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || !isValid(*time))
    return real::nanosleep(time, remaining);
  return asErrno(clock_nanosleep(CLOCK_MONOTONIC, 0, time, remaining));
}

int thrd_sleep(const timespec *time, timespec *remaining) {
  const int error = clock_nanosleep(CLOCK_REALTIME, 0, time, remaining);
  return error == 0 ? 0 : error == EINTR ? -1 : -2;
}

int usleep(useconds_t us) {
  const timespec time = toTimespec(static_cast<uint64_t>(us) * 1000);
  return Scheduler::current() ? nanosleep(&time, nullptr) : real::usleep(us);
}

unsigned sleep(unsigned seconds) {
  if (!Scheduler::current())
    return real::sleep(seconds);
  timespec time = {static_cast<time_t>(seconds), 0};
  return nanosleep(&time, &time) == 0 ? 0 : static_cast<unsigned>(time.tv_sec + (time.tv_nsec > 0));
}

int sched_yield(void) noexcept {
  Scheduler *scheduler = Scheduler::current();
  // LeakSanitizer's last act in exit() is to stop all other threads, and to call this until it has looked at them. If
  // another job ran meanwhile, it would wait for memory whose locks the first one keeps.
  if (!scheduler || isExiting.load(std::memory_order_relaxed))
    return real::sched_yield();
  if (mayPark())
    scheduler->yield();
  return 0;
}

int __poll_chk(pollfd *fds, nfds_t count, int timeout, size_t capacity) {
  return count <= capacity / sizeof *fds ? poll(fds, count, timeout) : (__chk_fail(), -1);
}

int __ppoll_chk(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *mask, size_t capacity) {
  return count <= capacity / sizeof *fds ? ppoll(fds, count, timeout, mask) : (__chk_fail(), -1);
}
