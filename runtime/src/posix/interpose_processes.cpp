/// interpose_processes.cpp - calls that wait for child processes, and one that begins them.
#include "core/os/real.h"
#include "posix/blocking.h"
#include "posix/helpers.h"
#include "posix/interpose.h"

#include <sys/syscall.h>

namespace flux {

void linkProcesses() {}

namespace {

/// Waits for one child to end: for a descriptor of it that becomes ready then. Makes `attempt` until it returns
/// anything but 0. False if there is no such descriptor.
template <typename F> bool untilEnded(Scheduler &scheduler, pid_t child, int &result, F attempt) {
  const SavedErrno before;
  result = attempt();
  if (result != 0)
    return true;
  const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (descriptor < 0)
    return false;
  Call call(scheduler, descriptor);
  do {
    if (!call.await(EPOLLIN, kNever))
      result = -1;
    else
      result = attempt();
  } while (result == 0);
  const int error = errno;
  close(descriptor);
  errno = error;
  before.resultOf(result);
  return true;
}

} // namespace
} // namespace flux

using namespace flux;

pid_t wait4(pid_t child, int *status, int options, rusage *usage) noexcept {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (options & WNOHANG))
    return real::wait4(child, status, options, usage);
  pid_t result;
  if (child > 0 && options == 0 &&
      untilEnded(*scheduler, child, result, [&] { return real::wait4(child, status, WNOHANG, usage); }))
    return result;
  return lookupHelpers.make([=] { return real::wait4(child, status, options, usage); });
}

pid_t waitpid(pid_t child, int *status, int options) { return wait4(child, status, options, nullptr); }

pid_t wait(int *status) { return wait4(-1, status, 0, nullptr); }

int waitid(idtype_t type, id_t id, siginfo_t *info, int options) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler || (options & WNOHANG))
    return real::waitid(type, id, info, options);
  siginfo_t found = {};
  int result;
  const bool oneToEnd = type == P_PID && (options & ~WNOWAIT) == WEXITED;
  if (oneToEnd && untilEnded(*scheduler, static_cast<pid_t>(id), result, [&] {
        found.si_pid = 0;
        return real::waitid(type, id, &found, options | WNOHANG) != 0 ? -1 : found.si_pid;
      })) {
    if (result > 0 && info)
      *info = found;
    return result > 0 ? 0 : -1;
  }
  return lookupHelpers.make([=] { return real::waitid(type, id, info, options); });
}

// The child of a vfork() runs in the memory of its parent, as the very job that has called it: what it closes before
// exec would end the waits of other jobs, and when it had to wait, the loop would carry on in both processes. A child
// of fork() has left the scheduler (see Scheduler::openFibers). Sanitizers do the same, and libc itself starts programs
// otherwise.
pid_t vfork(void) noexcept { return fork(); }

int system(const char *command) {
  return lookupHelpers.make([=] { return real::system(command); });
}
