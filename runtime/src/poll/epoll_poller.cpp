#include "poll/epoll_poller.h"

#include "core/os/clock.h"
#include "core/os/real.h"

#include <sys/syscall.h>

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
    const long count = real::syscall(SYS_epoll_pwait2, epoll, events, capacity, &timeout, nullptr, 0);
    if (count >= 0 || errno != ENOSYS)
      return static_cast<int>(count);
    coarse = true;
  }
#endif
  const uint64_t ms = (timeoutNs + kNsPerMs - 1) / kNsPerMs;
  return real::epoll_wait(epoll, events, capacity, ms < INT32_MAX ? static_cast<int>(ms) : INT32_MAX);
}

} // namespace

bool EpollPoller::open() {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  return epoll >= 0;
}

void EpollPoller::close() { real::close(epoll); }

Arming EpollPoller::arm(int fd, Watch &watch, uint32_t events) {
  epoll_event event = {};
  event.data.fd = fd;
  event.events = events | EPOLLONESHOT;
  // What is known may have become wrong by a close() or a dup2() that nobody told us about: then the other one is
  // right.
  for (int tries = 0; tries < 2; ++tries) {
    if (epoll_ctl(epoll, watch.known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) == 0) {
      watch.known = watch.armed = true;
      return Arming::Armed;
    }
    if (errno != ENOENT && errno != EEXIST)
      break;
    watch.known = errno == EEXIST;
  }
  watch.known = false;
  return armingOf(errno);
}

void EpollPoller::forget(int fd, Watch &watch) {
  // The number may live on in a duplicate, whose events would come for the wrong descriptor.
  if (watch.armed)
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr);
  watch.known = watch.armed = false;
}

// The entry goes with the file. If a duplicate keeps that, there is at most one event more, for nothing.
void EpollPoller::forgetClosed(int, Watch &watch) { watch.known = watch.armed = false; }

int EpollPoller::wait(Ready *ready, int capacity, uint64_t timeoutNs) {
  constexpr int kEvents = 128;
  epoll_event events[kEvents];
  const int count = epollWait(epoll, events, capacity < kEvents ? capacity : kEvents, timeoutNs);
  for (int i = 0; i < count; ++i)
    ready[i] = {events[i].data.fd, 0, events[i].events, 0, false};
  return count > 0 ? count : 0;
}

} // namespace flux
