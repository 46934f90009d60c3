/// blocking.h - blocking calls of a job, made of calls that do not block the thread.
///
/// No descriptor is made non-blocking for good: others, in this process or not, may share it and expect it to block.
/// Sockets are asked with MSG_DONTWAIT, pipes and their like with RWF_NOWAIT, other descriptors once poll() has said
/// that they are ready, and where none of these serves, O_NONBLOCK is set for the one call (Nonblocking). A descriptor
/// that the program has made non-blocking itself behaves as it expects.
#ifndef FLUX_POSIX_BLOCKING_H
#define FLUX_POSIX_BLOCKING_H

#include "core/os/mutex.h"
#include "fiber/scheduler.h"

#include <errno.h>
#include <sys/types.h>

namespace flux {

/// Whether the program has set O_NONBLOCK.
bool isNonblocking(int fd);

/// SO_DOMAIN, SO_TYPE and their like; -1 if it is no socket.
int socketProperty(int fd, int option);

/// When a call on the socket that begins now has to give up, by its SO_RCVTIMEO or SO_SNDTIMEO; kNever without.
uint64_t socketDeadline(int fd, int option);

/// `ns` nanoseconds from now, or kNever if that is too far away.
uint64_t deadlineIn(uint64_t ns);

/// When the clock will show `time`; now, if it has. For clocks that run as fast as the monotonic one.
uint64_t deadlineAt(clockid_t clock, const timespec &time);

/// How long a call may wait for a socket, by its SO_RCVTIMEO or SO_SNDTIMEO: in all its waits together, as in Linux.
/// Two calls have their time for each piece there, sendfile() (`eachPiece`) and what sends on a local socket.
class TimeLimit {
public:
  TimeLimit(int fd, int option, bool eachPiece = false) : fd(fd), option(option), eachPiece(eachPiece) {}

  /// When the call has to give up, counted from the first wait on.
  uint64_t deadline();

  /// A piece is through.
  void progress();

private:
  const int fd;
  const int option;
  const bool eachPiece;
  bool counts = false;
  uint64_t end = kNever;
};

/// Blocks the job until `fd` may be ready. False with errno set: EAGAIN at the deadline, EINTR, EBADF, ENOMEM.
bool awaitDescriptor(Scheduler &scheduler, int fd, uint32_t events, uint64_t deadline);

/// Blocks the job for a moment, for what no descriptor tells of. False with errno set: EAGAIN at the deadline, EINTR,
/// ENOMEM.
bool pauseBriefly(Scheduler &scheduler, uint64_t deadline);

/// What poll() says now: whether a call would not block. Leaves errno alone.
bool isReady(int fd, short events);

/// Makes a descriptor non-blocking for a scope in which no other job of this loop runs. Those of others that do the
/// same, or ask isNonblocking(), wait for its end.
class Nonblocking {
public:
  explicit Nonblocking(int fd);
  ~Nonblocking();
  Nonblocking(const Nonblocking &) = delete;
  Nonblocking &operator=(const Nonblocking &) = delete;

private:
  int fd;
  MutexLock guard;
  int before; // the flags; -1: nothing to restore
};

/// Makes calls of several attempts leave errno alone when they succeed, as the system's calls do.
class SavedErrno {
public:
  template <typename R> R resultOf(R result) const {
    if (result >= 0)
      errno = saved;
    return result;
  }

private:
  const int saved = errno;
};

/// Makes `attempt`, which does not block, until it does anything else than fail with EAGAIN.
template <typename F> ssize_t untilReady(Scheduler &scheduler, int fd, uint32_t events, TimeLimit &limit, F attempt) {
  const SavedErrno before;
  ssize_t result = attempt();
  if (result >= 0 || errno != EAGAIN || isNonblocking(fd))
    return result;
  for (;;) {
    if (!awaitDescriptor(scheduler, fd, events, limit.deadline()))
      return -1;
    result = attempt();
    // Somebody else may have been quicker, and there be more since. But a local datagram socket is ready while the
    // receiver's queue is full: then there is nothing to wait for but time.
    const bool inVain = result < 0 && errno == EAGAIN && isReady(fd, static_cast<short>(events));
    if (inVain)
      result = attempt();
    if (result >= 0 || errno != EAGAIN)
      return before.resultOf(result);
    if (inVain && !pauseBriefly(scheduler, limit.deadline()))
      return -1;
  }
}

template <typename F> ssize_t untilReady(Scheduler &scheduler, int fd, uint32_t events, int timeoutOption, F attempt) {
  TimeLimit limit(fd, timeoutOption);
  return untilReady(scheduler, fd, events, limit, attempt);
}

/// Makes `attempt(done)` until all `total` bytes are through, as writing to a blocking descriptor does. What has been
/// transferred before an error counts more than the error.
template <typename F>
ssize_t untilAll(Scheduler &scheduler, int fd, uint32_t events, TimeLimit limit, size_t total, F attempt) {
  const SavedErrno before;
  size_t done = 0;
  do {
    const ssize_t result = untilReady(scheduler, fd, events, limit, [&] { return attempt(done); });
    if (result <= 0)
      return done > 0 ? static_cast<ssize_t>(done) : result;
    done += static_cast<size_t>(result);
    limit.progress();
  } while (done < total);
  return static_cast<ssize_t>(done);
}

} // namespace flux

#endif // FLUX_POSIX_BLOCKING_H
