/// interpose_file_locks.cpp - locks of files. Nothing tells when one is free, so a flow tries again and again, at
/// intervals that grow. A helper that waited in the kernel could not be sure which file it waits for once the
/// descriptor has been closed.
#include "core/os/real.h"
#include "posix/blocking.h"
#include "posix/interpose.h"

#include <stdarg.h>
#include <sys/syscall.h>

namespace flux {

void linkFileLocks() {}

namespace {

constexpr uint64_t kFirstPauseNs = kNsPerMs / 4, kLastPauseNs = 5 * kNsPerMs;

/// Makes `attempt`, which does not wait, until the lock is not somebody else's.
template <typename F> int untilLocked(Scheduler &scheduler, int fd, F attempt) {
  const SavedErrno before;
  Call call(scheduler, fd);
  for (uint64_t pause = kFirstPauseNs;; pause = pause < kLastPauseNs ? 2 * pause : pause) {
    const int result = call.attempt(attempt);
    if (result == 0 || (errno != EAGAIN && errno != EACCES))
      return before.resultOf(result);
    if (!pauseFor(scheduler, pause))
      return -1;
  }
}

/// The system's call: libc's cannot be passed on, since its arguments vary.
int control(int fd, int command, long argument) {
  return static_cast<int>(real::syscall(SYS_fcntl, fd, command, argument));
}

int controlAsJob(int fd, int command, long argument) {
  if (command == F_GETOWN) { // whose result may look like an error
    f_owner_ex owner = {};
    const int result = control(fd, F_GETOWN_EX, reinterpret_cast<long>(&owner));
    return result < 0 ? result : owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
  }
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (command != F_SETLKW && command != F_OFD_SETLKW))
    return control(fd, command, argument);
  return untilLocked(*scheduler, fd,
                     [=] { return control(fd, command == F_SETLKW ? F_SETLK : F_OFD_SETLK, argument); });
}

} // namespace
} // namespace flux

using namespace flux;

int flock(int fd, int operation) noexcept {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (operation & (LOCK_NB | LOCK_UN)))
    return real::flock(fd, operation);
  return untilLocked(*scheduler, fd, [=] { return real::flock(fd, operation | LOCK_NB); });
}

int lockf(int fd, int command, off_t length) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || command != F_LOCK)
    return real::lockf(fd, command, length);
  return untilLocked(*scheduler, fd, [=] { return real::lockf(fd, F_TLOCK, length); });
}

static_assert(sizeof(off_t) == sizeof(off64_t));
int lockf64(int fd, int command, off64_t length) { return lockf(fd, command, length); }

#define FLUX_DEFINE_FCNTL(NAME)                                                                                        \
  int NAME(int fd, int command, ...) {                                                                                 \
    va_list arguments;                                                                                                 \
    va_start(arguments, command);                                                                                      \
    const long argument = va_arg(arguments, long);                                                                     \
    va_end(arguments);                                                                                                 \
    return controlAsJob(fd, command, argument);                                                                        \
  }
FLUX_DEFINE_FCNTL(fcntl)
FLUX_DEFINE_FCNTL(fcntl64)
#undef FLUX_DEFINE_FCNTL
