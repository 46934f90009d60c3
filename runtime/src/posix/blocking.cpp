#include "posix/blocking.h"

#include "core/os/cache_line.h"
#include "core/os/clock.h"
#include "core/os/real.h"
#include "poll/descriptor_set.h"
#include "posix/parking.h"

#include <fcntl.h>
#include <sys/syscall.h>

namespace flux {

namespace {

/// Held while O_NONBLOCK of a descriptor is not as the program has set it: it belongs to the open file, which the flows
/// of other threads' loops may be using. They are not told apart from others if they use a copy made by dup().
struct alignas(kCacheLine) Flag {
  Mutex mutex;
};
Flag flags[64];

Mutex &flagOf(int fd) { return flags[static_cast<unsigned>(fd) % (sizeof flags / sizeof *flags)].mutex; }

/// The descriptors whose flag has ever been set for one call.
DescriptorSet borrowed;

bool hasFlag(int fd) {
  const long found = real::syscall(SYS_fcntl, fd, F_GETFL); // not ours, which looks at the command
  return found >= 0 && (found & O_NONBLOCK) != 0;
}

} // namespace

bool isNonblocking(int fd) {
  const int saved = errno;
  bool result = hasFlag(fd);
  // A thread that sees the flag sees that it was borrowed: the system calls order the two.
  if (result && borrowed.has(fd)) {
    MutexLock guard(flagOf(fd));
    result = hasFlag(fd);
  }
  errno = saved;
  return result;
}

int socketProperty(int fd, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  const int saved = errno;
  const bool known = getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0;
  errno = saved;
  return known ? value : -1;
}

uint64_t socketDeadline(int fd, int option) {
  timeval limit = {};
  socklen_t size = sizeof limit;
  const int saved = errno;
  const bool limited = getsockopt(fd, SOL_SOCKET, option, &limit, &size) == 0 && (limit.tv_sec || limit.tv_usec);
  errno = saved;
  return limited ? deadlineIn(static_cast<uint64_t>(limit.tv_sec) * kNsPerSecond +
                              static_cast<uint64_t>(limit.tv_usec) * 1000)
                 : kNever;
}

uint64_t deadlineAt(clockid_t clock, const timespec &time) {
  if (time.tv_sec < 0)
    return nowNs();
  const uint64_t now = nowNs(clock), when = toNs(time);
  return when == kNever ? kNever : deadlineIn(when > now ? when - now : 0);
}

uint64_t TimeLimit::deadline() {
  if (!counts)
    end = socketDeadline(fd, option);
  counts = true;
  return end;
}

void TimeLimit::progress() {
  if (counts && end != kNever && (eachPiece || (option == SO_SNDTIMEO && socketProperty(fd, SO_DOMAIN) == AF_UNIX)))
    counts = false;
}

Outcome parkUntil(Scheduler &scheduler, DescriptorWait *descriptors, size_t count, uint64_t deadline) {
  return isTakenNotToWait() && !mayPark() ? awaitOnThread(descriptors, count, deadline)
                                          : scheduler.await(descriptors, count, deadline);
}

namespace {

/// Blocks the job until the descriptor may be ready, as Call::await().
bool awaitOne(Scheduler &scheduler, DescriptorWait &wait, uint64_t deadline) {
  switch (parkUntil(scheduler, &wait, 1, deadline)) {
  case Outcome::TimedOut:
    errno = EAGAIN;
    return false;
  case Outcome::Interrupted:
    errno = EINTR;
    return false;
  case Outcome::Closed:
    errno = EBADF;
    return false;
  case Outcome::NoMemory:
    errno = ENOMEM;
    return false;
  case Outcome::Ready:
  case Outcome::Unwatchable:
  case Outcome::Pending:
    break;
  }
  return true;
}

} // namespace

// Where that takes long, the number has been given away anew.
Generation beginCallLate(Scheduler &scheduler, int fd) {
  constexpr int kYields = 100, kPauses = 20;
  const SavedErrno before;
  Generation generation = 0;
  for (int i = 0; i < kYields + kPauses && !generations.begin(fd, generation); ++i)
    if (i < kYields)
      real::sched_yield();
    else if (!pauseBriefly(scheduler, kNever))
      break;
  before.resultOf(0);
  return generation;
}

bool Call::await(int which, uint32_t events, uint64_t deadline) {
  DescriptorWait wait = waitFor(which, events);
  return awaitOne(scheduler, wait, deadline);
}

bool pauseBriefly(Scheduler &scheduler, uint64_t deadline) {
  constexpr uint64_t kPauseNs = kNsPerMs;
  if (nowNs() >= deadline) {
    errno = EAGAIN;
    return false;
  }
  return pauseFor(scheduler, kPauseNs);
}

bool pauseFor(Scheduler &scheduler, uint64_t ns) {
  DescriptorWait none;
  return awaitOne(scheduler, none, deadlineIn(ns)) || errno == EAGAIN;
}

bool isReady(int fd, short events) {
  pollfd asked = {fd, events, 0};
  const int saved = errno;
  int found;
  do
    found = real::poll(&asked, 1, 0);
  while (found < 0 && errno == EINTR); // a handler has run, which says nothing about the descriptor
  errno = saved;
  return found > 0;
}

Nonblocking::Nonblocking(int fd) : fd(fd), guard(flagOf(fd)), before(fcntl(fd, F_GETFL)) {
  if (before < 0 || (before & O_NONBLOCK)) {
    before = -1;
    return;
  }
  borrowed.add(fd);
  if (fcntl(fd, F_SETFL, before | O_NONBLOCK) != 0)
    before = -1;
}

Nonblocking::~Nonblocking() {
  if (before < 0)
    return;
  const int saved = errno;
  fcntl(fd, F_SETFL, before);
  errno = saved;
}

} // namespace flux
