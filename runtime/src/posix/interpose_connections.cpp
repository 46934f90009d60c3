/// interpose_connections.cpp - calls that begin and end a descriptor.
#include "core/os/real.h"
#include "fiber/registry.h"
#include "posix/blocking.h"
#include "posix/interpose.h"

namespace flux {

void linkConnections() {}

namespace {

template <typename F> int acceptBy(int fd, F accept) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || isNonblocking(fd))
    return accept();
  return static_cast<int>(untilReady(*scheduler, fd, EPOLLIN, SO_RCVTIMEO, [&]() -> ssize_t {
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

/// Makes a call by which the number `fd` ceases to stand for what it stands for. The jobs of this loop that wait for it
/// are told EBADF; those of other threads' loops try their calls again.
template <typename F> int closeBy(int fd, F call) {
  if (Scheduler *scheduler = Scheduler::current())
    scheduler->closing(fd);
  const int result = call();
  closedElsewhere(fd);
  return result;
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
  if (!scheduler || isNonblocking(fd))
    return real::connect(fd, address, length);
  const SavedErrno before;
  const uint64_t deadline = socketDeadline(fd, SO_SNDTIMEO);
  for (;;) {
    if (tryConnect(fd, address, length) == 0)
      return before.resultOf(0);
    if (errno == EINPROGRESS)
      break;
    // A local listener whose queue is full: there is nothing to wait for but time.
    if (errno != EAGAIN || !pauseBriefly(*scheduler, deadline))
      return -1;
  }
  // Until then a socket has no error either, and a wait may end for nothing.
  do
    if (!awaitDescriptor(*scheduler, fd, EPOLLOUT, deadline)) {
      errno = errno == EAGAIN ? EINPROGRESS : errno;
      return -1;
    }
  while (!isReady(fd, POLLOUT));
  return before.resultOf(connected(fd));
}

int close(int fd) {
  return closeBy(fd, [=] { return real::close(fd); });
}

int dup2(int from, int to) noexcept {
  if (from == to || !isOpen(from))
    return real::dup2(from, to);
  return closeBy(to, [=] { return real::dup2(from, to); });
}

int dup3(int from, int to, int flags) noexcept {
  if (from == to || !isOpen(from) || (flags & ~O_CLOEXEC) != 0)
    return real::dup3(from, to, flags);
  return closeBy(to, [=] { return real::dup3(from, to, flags); });
}
