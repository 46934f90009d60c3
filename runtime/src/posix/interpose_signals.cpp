/// interpose_signals.cpp - calls that install signal handlers. A handler may interrupt a job anywhere, in an allocator
/// that holds a lock or in the runtime itself, where no other job may run. So a function is installed in its place that
/// runs it with libc's calls as they always were: in its time the thread runs no job.
///
/// The kernel keeps everything else that the program says about a signal, and the program never sees that function.
#include "core/os/real.h"
#include "fiber/current_job.h"
#include "posix/blocking.h"
#include "posix/interpose.h"

#include <atomic>
#include <sys/signalfd.h>

namespace flux {

void linkSignals() {}

namespace {

using Handler = void (*)(int);
using InfoHandler = void (*)(int, siginfo_t *, void *);

/// What the program wants to be called for a signal; which of the two the kernel knows. Relaxed: each stands alone.
struct Handlers {
  std::atomic<Handler> handler;
  std::atomic<InfoHandler> infoHandler;
  std::atomic<bool> isBlocked; // the signal, while they run
};
Handlers handlersOf[_NSIG];

int blockedBy(int signal) { return handlersOf[signal].isBlocked.load(std::memory_order_relaxed) ? signal : 0; }

void runHandler(int signal) {
  const Interruption interruption(blockedBy(signal));
  handlersOf[signal].handler.load(std::memory_order_relaxed)(signal);
}

void runInfoHandler(int signal, siginfo_t *info, void *machine) {
  const Interruption interruption(blockedBy(signal));
  handlersOf[signal].infoHandler.load(std::memory_order_relaxed)(signal, info, machine);
}

/// A handler of either kind as signal() returns it.
Handler untyped(InfoHandler handler) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  return action.sa_handler;
}

bool isOfProgram(Handler handler) {
  return handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR && handler != runHandler &&
         handler != untyped(runInfoHandler);
}

/// Installs what the program asks for by `install`, which is given what the system shall run: `action`, with one of the
/// functions above as its handler. Returns what `install` does, which is `failure` if nothing has changed.
template <typename R, typename F> R installFor(int signal, struct sigaction action, R failure, F install) {
  Handlers &handlers = handlersOf[signal];
  const Handler handler = handlers.handler.load(std::memory_order_relaxed);
  const InfoHandler infoHandler = handlers.infoHandler.load(std::memory_order_relaxed);
  const bool isBlocked = handlers.isBlocked.load(std::memory_order_relaxed);
  // Before it is installed, since it may be needed at once.
  handlers.isBlocked.store((action.sa_flags & SA_NODEFER) == 0, std::memory_order_relaxed);
  if (action.sa_flags & SA_SIGINFO) {
    handlers.infoHandler.store(action.sa_sigaction, std::memory_order_relaxed);
    action.sa_sigaction = runInfoHandler;
  } else {
    handlers.handler.store(action.sa_handler, std::memory_order_relaxed);
    action.sa_handler = runHandler;
  }
  const R result = install(action);
  if (result == failure) {
    handlers.handler.store(handler, std::memory_order_relaxed);
    handlers.infoHandler.store(infoHandler, std::memory_order_relaxed);
    handlers.isBlocked.store(isBlocked, std::memory_order_relaxed);
  }
  return result;
}

/// The handlers of a signal as they were before a call that returns what was installed.
class Before {
public:
  explicit Before(int signal) {
    if (signal <= 0 || signal >= _NSIG)
      return;
    handler = handlersOf[signal].handler.load(std::memory_order_relaxed);
    infoHandler = handlersOf[signal].infoHandler.load(std::memory_order_relaxed);
  }

  /// What the program has installed where the system says `installed`.
  Handler asProgramKnows(Handler installed) const {
    if (installed == runHandler)
      return handler;
    return installed == untyped(runInfoHandler) ? untyped(infoHandler) : installed;
  }

private:
  Handler handler = nullptr;
  InfoHandler infoHandler = nullptr;
};

/// signal() and its like, which set `flags`.
template <typename F> Handler installBy(F install, int signal, Handler handler, int flags) {
  const Before before(signal);
  if (signal <= 0 || signal >= _NSIG || !isOfProgram(handler))
    return before.asProgramKnows(install(signal, handler));
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  return before.asProgramKnows(installFor(
      signal, action, SIG_ERR, [=](const struct sigaction &ours) { return install(signal, ours.sa_handler); }));
}

/// sigtimedwait() of a job. A signal for its thread or the process makes a descriptor ready, and it is taken without
/// waiting then.
int awaitSignal(Scheduler &scheduler, const sigset_t *set, siginfo_t *info, const timespec *timeout) {
  const SavedErrno before;
  const timespec now = {};
  const uint64_t deadline = timeout ? deadlineIn(toNs(*timeout)) : kNever;
  int found = real::sigtimedwait(set, info, timeout && timeout->tv_nsec < 0 ? timeout : &now);
  if (found >= 0 || errno != EAGAIN)
    return before.resultOf(found);
  const int descriptor = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0)
    return -1;
  Call call(scheduler, descriptor);
  const AwaitedSignals awaited(scheduler.fiber().own.blockedOf(bitsOf(*set)));
  while (found < 0 && errno == EAGAIN && call.await(EPOLLIN, deadline))
    found = real::sigtimedwait(set, info, &now);
  const int error = errno;
  close(descriptor);
  errno = error;
  return before.resultOf(found);
}

} // namespace
} // namespace flux

using namespace flux;

int sigaction(int signal, const struct sigaction *action, struct sigaction *old) noexcept {
  const Before before(signal);
  const bool isOurs = action && signal > 0 && signal < _NSIG && isOfProgram(action->sa_handler);
  const int result = isOurs
                         ? installFor(signal, *action, -1,
                                      [=](const struct sigaction &ours) { return real::sigaction(signal, &ours, old); })
                         : real::sigaction(signal, action, old);
  if (result == 0 && old)
    old->sa_handler = before.asProgramKnows(old->sa_handler);
  return result;
}

sighandler_t signal(int signal, sighandler_t handler) noexcept { return installBy(real::signal, signal, handler, 0); }

// What signal() is to programs in strict C.
sighandler_t __sysv_signal(int signal, sighandler_t handler) noexcept {
  return installBy(real::__sysv_signal, signal, handler, SA_NODEFER);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const timespec *timeout) {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::sigtimedwait(set, info, timeout);
  return awaitSignal(*scheduler, set, info, timeout);
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info) { return sigtimedwait(set, info, nullptr); }

int sigwait(const sigset_t *set, int *signal) {
  const SavedErrno before;
  int found;
  do
    found = sigtimedwait(set, nullptr, nullptr);
  while (found < 0 && errno == EINTR);
  const int error = errno;
  before.resultOf(0);
  if (found < 0)
    return error;
  *signal = found;
  return 0;
}
