#include "core/signals.h"

#include "core/context.h"
#include "core/log.h"
#include "flux/flux.h"

#include <atomic>
#include <errno.h>
#include <initializer_list>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace flux {

namespace {

// An event descriptor rather than a futex: poll() is a system call that sanitizers know signals to interrupt.
int wakeDescriptor = -1;
// Relaxed throughout: flags without data behind them, and the wake-up is a system call after them.
std::atomic<bool> stopping{false};
std::atomic<bool> signalled{false};
std::atomic<bool> snapshotRequested{false};

void onStop(int signal) {
  if (signalled.exchange(true, std::memory_order_relaxed))
    _exit(128 + signal);
  flux_stop();
}

void onSnapshot(int) {
  snapshotRequested.store(true, std::memory_order_relaxed);
  wakeServer();
}

void onNothing(int) {}

bool handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, nullptr) == 0;
}

/// A parent may have left the signals blocked.
void unblockSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : {SIGTERM, SIGINT, SIGUSR1, kInterruptSignal})
    sigaddset(&set, signal);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

} // namespace

bool initSignals() {
  wakeDescriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wakeDescriptor < 0 || !handle(SIGTERM, onStop, SA_RESTART) || !handle(SIGINT, onStop, SA_RESTART) ||
      !handle(SIGUSR1, onSnapshot, SA_RESTART) || !handle(kInterruptSignal, onNothing, 0) ||
      !handle(SIGPIPE, onNothing, SA_RESTART)) {
    logMessage("cannot set up signals: %s", strerror(errno));
    return false;
  }
  unblockSignals();
  return true;
}

void wakeServer() {
  const int saved = errno;
  const uint64_t one = 1;
  // It fails only when the counter is full, and then the main thread is awake anyway.
  if (write(wakeDescriptor, &one, sizeof one) < 0)
    errno = saved;
}

void waitForEvent(int timeoutMs) {
  pollfd wake = {wakeDescriptor, POLLIN, 0};
  poll(&wake, 1, timeoutMs);
  uint64_t count;
  if (read(wakeDescriptor, &count, sizeof count) < 0)
    return; // nobody had called
}

bool takeSnapshotRequest() { return snapshotRequested.exchange(false, std::memory_order_relaxed); }

bool isStopping() { return stopping.load(std::memory_order_relaxed); }

} // namespace flux

bool flux_stopping(void) {
  if (flux::Context *context = flux::currentContext())
    context->asksForStop = true;
  return flux::isStopping();
}

void flux_stop(void) {
  if (!flux::stopping.exchange(true, std::memory_order_relaxed))
    flux::wakeServer();
}
