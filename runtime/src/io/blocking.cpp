#include "io/blocking.h"

#include "core/clock.h"
#include "io/real.h"

#include <fcntl.h>

namespace flux {

bool isNonblocking(int fd) {
  const int saved = errno;
  const int flags = fcntl(fd, F_GETFL);
  errno = saved;
  return flags >= 0 && (flags & O_NONBLOCK) != 0;
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

uint64_t deadlineIn(uint64_t ns) {
  const uint64_t now = nowNs();
  return ns < kNever - now ? now + ns : kNever;
}

bool awaitDescriptor(Loop &loop, int fd, uint32_t events, uint64_t deadline) {
  DescriptorWait wait;
  wait.fd = fd;
  wait.events = events;
  switch (loop.await(&wait, 1, deadline)) {
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

bool isReady(int fd, short events) {
  pollfd asked = {fd, events, 0};
  return real::poll(&asked, 1, 0) != 0;
}

Nonblocking::Nonblocking(int fd) : fd(fd), flags(fcntl(fd, F_GETFL)) {
  if (flags < 0 || (flags & O_NONBLOCK) || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
    flags = -1;
}

Nonblocking::~Nonblocking() {
  if (flags < 0)
    return;
  const int saved = errno;
  fcntl(fd, F_SETFL, flags);
  errno = saved;
}

} // namespace flux
