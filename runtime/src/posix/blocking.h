/// blocking.h - blocking calls of a job, made of calls that do not block the thread.
///
/// No descriptor is made non-blocking for good: others, in this process or not, may share it and expect it to block.
/// Sockets are asked with MSG_DONTWAIT, pipes and their like with RWF_NOWAIT, other descriptors once poll() has said
/// that they are ready, and where none of these serves, O_NONBLOCK is set for the one call (Nonblocking). A descriptor
/// that the program has made non-blocking itself behaves as it expects.
#ifndef FLUX_POSIX_BLOCKING_H
#define FLUX_POSIX_BLOCKING_H

#include "core/os/mutex.h"
#include "core/os/real.h"
#include "core/os/sanitizers.h"
#include "fiber/scheduler.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

namespace flux {

/// Whether the program has set O_NONBLOCK.
bool isNonblocking(int fd);

/// SO_DOMAIN, SO_TYPE and their like; -1 if it is no socket.
int socketProperty(int fd, int option);

/// When a call on the socket that begins now has to give up, by its SO_RCVTIMEO or SO_SNDTIMEO; kNever without.
uint64_t socketDeadline(int fd, int option);

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

/// Lets others go on that are closing the number; see Generations.
Generation beginCallLate(Scheduler &scheduler, int fd);

/// The number as a call of the running job finds it, once nobody is closing it.
inline DescriptorOf beginCall(Scheduler &scheduler, int fd) {
  DescriptorOf begun = {fd};
  if (!generations.begin(fd, begun.generation))
    begun.generation = beginCallLate(scheduler, fd);
  return begun;
}

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

/// A call of the program on a descriptor, or two, which takes several system calls. All of them work on what the
/// numbers stood for when it began; see Generations for why. On the job's stack.
class Call {
public:
  Call(Scheduler &scheduler, int fd) : scheduler(scheduler), fd(fd), first(beginCall(scheduler, fd)) {}
  Call(Scheduler &scheduler, int fd, int other)
      : scheduler(scheduler), fd(fd), first(beginCall(scheduler, fd)), second(beginCall(scheduler, other)) {}
  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  /// Makes system calls that do not block, unless a number has come to stand for something else: EBADF then.
  template <typename F> auto attempt(F calls) -> decltype(calls()) {
    const DescriptorUse use(scheduler.used(), first, second);
    if (use.holds)
      return calls();
    errno = EBADF;
    return -1;
  }

  /// Blocks the job until the descriptor may be ready. False with errno set: EAGAIN at the deadline, EINTR, EBADF,
  /// ENOMEM. `which` is one of the two.
  bool await(uint32_t events, uint64_t deadline) { return await(fd, events, deadline); }
  bool await(int which, uint32_t events, uint64_t deadline);

  /// Such a wait, for Scheduler::await().
  DescriptorWait waitFor(int which, uint32_t events) const { return {which == fd ? first : second, events}; }

  /// Whether the numbers still stand for what they stood for. Nothing keeps them so.
  bool isOpen() const { return first.isStill() && second.isStill(); }

  const SavedErrno before; // the call began
  Scheduler &scheduler;
  const int fd;
  const DescriptorOf first;
  const DescriptorOf second = {};
};

/// Blocks the job for a moment, for what no descriptor tells of. False with errno set: EAGAIN at the deadline, EINTR,
/// ENOMEM.
bool pauseBriefly(Scheduler &scheduler, uint64_t deadline);

/// Blocks the job for so long. False with errno set: EINTR, ENOMEM.
bool pauseFor(Scheduler &scheduler, uint64_t ns);

/// Blocks the job, which makes an interposed call, as Scheduler::await() does; if it may not park, blocks the thread.
Outcome parkUntil(Scheduler &scheduler, DescriptorWait *descriptors, size_t count, uint64_t deadline);

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

/// What a call with errno returns for an error number, or 0.
inline int asErrno(int error) {
  if (error == 0)
    return 0;
  errno = error;
  return -1;
}

/// Whether the first attempt of a call has to be guarded, too, if it is one system call. On Linux, too, a number may
/// have been given away before the kernel learns of the call; but ThreadSanitizer would call it a race.
#ifdef FLUX_TSAN
constexpr bool kGuardsFirst = true;
#else
constexpr bool kGuardsFirst = false;
#endif

/// fstat() of a descriptor of the program's, which somebody may close meanwhile: by a call that ThreadSanitizer does
/// not know, since it would call that a race. What depends on the answer is guarded.
inline int statusOf(int fd, struct stat &status) {
#ifdef FLUX_TSAN
  return real::fstatat(fd, "", &status, AT_EMPTY_PATH);
#else
  return fstat(fd, &status);
#endif
}

/// Goes on with a call whose first attempt has failed with EAGAIN: makes `attempt`, which does not block, until it does
/// anything else.
template <typename F> ssize_t untilReadyAgain(Call &call, uint32_t events, TimeLimit &limit, F attempt) {
  for (;;) {
    if (!call.await(events, limit.deadline()))
      return -1;
    bool inVain = false;
    const ssize_t result = call.attempt([&] {
      const ssize_t first = attempt();
      // Somebody else may have been quicker, and there be more since. But a local datagram socket is ready while the
      // receiver's queue is full: then there is nothing to wait for but time.
      inVain = first < 0 && errno == EAGAIN && isReady(call.fd, static_cast<short>(events));
      return inVain ? attempt() : first;
    });
    if (result >= 0 || errno != EAGAIN)
      return result;
    if (inVain && !pauseBriefly(call.scheduler, limit.deadline()))
      return -1;
  }
}

/// Makes `attempt`, which does not block, until it does anything else than fail with EAGAIN.
template <typename F> ssize_t untilReady(Call &call, uint32_t events, TimeLimit &limit, F attempt) {
  const ssize_t result = call.attempt(attempt);
  if (result >= 0 || errno != EAGAIN || isNonblocking(call.fd))
    return result;
  return call.before.resultOf(untilReadyAgain(call, events, limit, attempt));
}

template <typename F> ssize_t untilReady(Call &call, uint32_t events, int timeoutOption, F attempt) {
  TimeLimit limit(call.fd, timeoutOption);
  return untilReady(call, events, limit, attempt);
}

/// Makes `attempt(done)` until all `total` bytes are through, as writing to a blocking descriptor does. What has been
/// transferred before an error counts more than the error. `result` is what came of attempt(0).
template <typename F>
ssize_t untilAllAgain(Call &call, uint32_t events, TimeLimit limit, size_t total, F attempt, ssize_t result) {
  for (size_t done = 0;; result = call.attempt([&] { return attempt(done); })) {
    if (result < 0 && errno == EAGAIN && !isNonblocking(call.fd))
      result = untilReadyAgain(call, events, limit, [&] { return attempt(done); });
    if (result <= 0)
      return done > 0 ? static_cast<ssize_t>(done) : result;
    done += static_cast<size_t>(result);
    if (done >= total)
      return static_cast<ssize_t>(done);
    limit.progress();
  }
}

template <typename F> ssize_t untilAll(Call &call, uint32_t events, TimeLimit limit, size_t total, F attempt) {
  const ssize_t result = call.attempt([&] { return attempt(0); });
  return call.before.resultOf(untilAllAgain(call, events, limit, total, attempt, result));
}

} // namespace flux

#endif // FLUX_POSIX_BLOCKING_H
