#include "core/server/signals.h"

#include "core/context.h"
#include "core/log.h"
#include "core/os/clock.h"
#include "flux/flux.h"

#include <errno.h>
#include <initializer_list>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace flux {

namespace {

// An event descriptor rather than a futex: poll() is a system call that sanitizers know signals to interrupt.
int wakeDescriptor = -1;
// That of the main thread which acts on the flags: another process's in a worker.
int serverDescriptor = -1;
pid_t supervisor = 0;          // in a worker
void (*endOthers)() = nullptr; // in a supervisor

SignalFlags ownFlags;
// Changes once, in a supervisor, where threads of the program may set flags meanwhile: what they set in the old ones
// behind becomeSupervisor()'s look is set again in the new ones.
std::atomic<SignalFlags *> flagsOfServer{&ownFlags};
std::atomic<bool> signalled{false};

thread_local InterruptCount *interrupts = nullptr;

// Acquire: the flags are there.
SignalFlags *flags() { return flagsOfServer.load(std::memory_order_acquire); }

void wake(int descriptor) {
  const int saved = errno;
  const uint64_t one = 1;
  // It fails only when the counter is full, and then the main thread is awake anyway.
  if (write(descriptor, &one, sizeof one) < 0)
    errno = saved;
}

void onStop(int signal) {
  // The death of a supervisor with several threads sends more than one signal to its workers.
  if (signalled.exchange(true, std::memory_order_relaxed) && !isOrphaned()) {
    if (endOthers)
      endOthers();
    _exit(128 + signal);
  }
  flux_stop();
  wakeServer(); // an orphan has nobody else to do it
}

void onSnapshot(int) {
  flags()->snapshotRequested.store(true, std::memory_order_relaxed);
  wake(serverDescriptor);
}

void onInterrupt(int) {
  if (interrupts)
    interrupts->arrived.store(interrupts->sent.load(std::memory_order_relaxed), std::memory_order_relaxed);
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
      !handle(SIGUSR1, onSnapshot, SA_RESTART) || !handle(kInterruptSignal, onInterrupt, 0) ||
      !handle(SIGPIPE, onNothing, SA_RESTART)) {
    logMessage("cannot set up signals: %s", strerror(errno));
    return false;
  }
  serverDescriptor = wakeDescriptor;
  unblockSignals();
  return true;
}

void wakeServer() { wake(wakeDescriptor); }

/// The time until then for poll(), a little more rather than less.
static int timeoutUntil(uint64_t deadline) {
  if (deadline == kNever)
    return -1;
  const uint64_t now = nowNs();
  const uint64_t ms = deadline > now ? (deadline - now) / kNsPerMs + 1 : 0;
  return ms < INT_MAX ? static_cast<int>(ms) : INT_MAX;
}

void waitForEvent(uint64_t deadline, int descriptor) {
  pollfd awaited[] = {{wakeDescriptor, POLLIN, 0}, {descriptor, POLLIN, 0}};
  poll(awaited, 2, timeoutUntil(deadline));
  uint64_t count;
  if (read(wakeDescriptor, &count, sizeof count) < 0)
    return; // nobody had called
}

bool takeSnapshotRequest() {
  return !supervisor && flags()->snapshotRequested.exchange(false, std::memory_order_relaxed);
}

bool isStopping() { return flags()->stopping.load(std::memory_order_relaxed); }

void becomeSupervisor(SignalFlags &shared, void (*endWorkers)()) {
  endOthers = endWorkers;
  // Handlers set the new ones from here on; what they had set before is carried over.
  flagsOfServer.store(&shared, std::memory_order_seq_cst);
  if (ownFlags.stopping.load(std::memory_order_seq_cst))
    shared.stopping.store(true, std::memory_order_relaxed);
  if (ownFlags.snapshotRequested.load(std::memory_order_relaxed))
    shared.snapshotRequested.store(true, std::memory_order_relaxed);
}

void becomeWorker(int descriptor, pid_t parent) {
  wakeDescriptor = descriptor;
  supervisor = parent;
  endOthers = nullptr;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // It may have died before that.
  if (isOrphaned())
    flux_stop();
}

bool isOrphaned() { return supervisor && getppid() != supervisor; }

void countInterrupts(InterruptCount &count) {
  interrupts = &count;
  // Those that came before were not counted.
  count.arrived.store(count.sent.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

} // namespace flux

bool flux_stopping(void) {
  if (flux::Context *context = flux::currentContext())
    context->asksForStop = true;
  return flux::isStopping();
}

void flux_stop(void) {
  flux::SignalFlags *set;
  bool isFirst;
  do {
    set = flux::flags();
    isFirst = !set->stopping.exchange(true, std::memory_order_seq_cst);
  } while (set != flux::flagsOfServer.load(std::memory_order_seq_cst));
  if (isFirst)
    flux::wake(flux::serverDescriptor);
}
