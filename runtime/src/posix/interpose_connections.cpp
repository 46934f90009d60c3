/// interpose_connections.cpp - calls that begin and end a descriptor.
#include "core/os/real.h"
#include "posix/blocking.h"
#include "posix/closing.h"
#include "posix/interpose.h"

#include <limits.h>

namespace flux {

void linkConnections() {}

namespace {

template <typename F> int acceptBy(int fd, F accept) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return accept();
  Call call(*scheduler, fd);
  if (isNonblocking(fd))
    return accept();
  return static_cast<int>(untilReady(call, EPOLLIN, SO_RCVTIMEO, [&]() -> ssize_t {
    const Nonblocking scope(fd);
    return accept();
  }));
}

int tryConnect(int fd, const sockaddr *address, socklen_t length) {
  const Nonblocking scope(fd);
  return real::connect(fd, address, length);
}

/// What became of a connection that was in progress.
int connected(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    return -1;
  errno = error ? error : errno;
  return error ? -1 : 0;
}

/// What is not can have no duplicate, which leaves the descriptor alone that the duplicate was to replace.
bool isOpen(int fd) {
  const int saved = errno;
  const bool open = fcntl(fd, F_GETFD) >= 0;
  errno = saved;
  return open;
}

} // namespace
} // namespace flux

using namespace flux;

int accept(int fd, sockaddr *address, socklen_t *length) {
  return acceptBy(fd, [&] { return real::accept(fd, address, length); });
}

int accept4(int fd, sockaddr *address, socklen_t *length, int flags) {
  return acceptBy(fd, [&] { return real::accept4(fd, address, length, flags); });
}

int connect(int fd, const sockaddr *address, socklen_t length) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::connect(fd, address, length);
  Call call(*scheduler, fd);
  if (isNonblocking(fd))
    return real::connect(fd, address, length);
  const SavedErrno before;
  const uint64_t deadline = socketDeadline(fd, SO_SNDTIMEO);
  for (;;) {
    if (call.attempt([&] { return tryConnect(fd, address, length); }) == 0)
      return before.resultOf(0);
    if (errno == EINPROGRESS)
      break;
    // A local listener whose queue is full: there is nothing to wait for but time.
    if (errno != EAGAIN || !pauseBriefly(*scheduler, deadline))
      return -1;
  }
  // Until then a socket has no error either, and a wait may end for nothing.
  for (;;) {
    if (!call.await(EPOLLOUT, deadline)) {
      errno = errno == EAGAIN ? EINPROGRESS : errno;
      return -1;
    }
    bool isReadyNow = false;
    const int result = call.attempt([&] { return (isReadyNow = isReady(fd, POLLOUT)) ? connected(fd) : 0; });
    if (result < 0 || isReadyNow)
      return before.resultOf(result);
  }
}

int close(int fd) {
  const Closing closing(fd);
  return real::close(fd);
}

int close_range(unsigned first, unsigned last, int flags) noexcept {
  // With one of these flags nothing is closed, or only what is the thread's own from here on.
  if (flags != 0 || first > last || first > INT_MAX)
    return real::close_range(first, last, flags);
  const Closing closing(static_cast<int>(first), last < INT_MAX ? static_cast<int>(last) : INT_MAX);
  return real::close_range(first, last, flags);
}

void closefrom(int first) noexcept {
  const Closing closing(first > 0 ? first : 0, INT_MAX);
  real::closefrom(first);
}

int dup2(int from, int to) noexcept {
  if (from == to || !isOpen(from))
    return real::dup2(from, to);
  const Closing closing(to);
  return real::dup2(from, to);
}

int dup3(int from, int to, int flags) noexcept {
  if (from == to || !isOpen(from) || (flags & ~O_CLOEXEC) != 0)
    return real::dup3(from, to, flags);
  const Closing closing(to);
  return real::dup3(from, to, flags);
}
