/// signals.h - how signals reach the server.
///
/// SIGTERM and SIGINT begin the shutdown, the second one ends the process; SIGUSR1 asks for a snapshot; SIGPIPE does
/// nothing. Handlers only set flags and wake the main thread. In a server of several processes the flags are common to
/// all, and the supervisor, which started the others, is the one that acts on them. No signal is blocked in any thread
/// and none set to be ignored, since programs that nodes start would inherit that; the kernel prefers the main thread
/// for a signal to the process.
#ifndef FLUX_CORE_SERVER_SIGNALS_H
#define FLUX_CORE_SERVER_SIGNALS_H

#include <atomic>
#include <signal.h>
#include <stdint.h>

namespace flux {

/// What interrupts a source's system call: its handler does nothing and has no SA_RESTART. SIGURG, because it is
/// ignored by default and nobody uses it without having asked the kernel for it.
constexpr int kInterruptSignal = SIGURG;

/// What signals have asked for. Relaxed throughout: flags without data behind them, and a wake-up, which is a system
/// call, comes after them.
struct SignalFlags {
  std::atomic<bool> stopping{false};
  std::atomic<bool> snapshotRequested{false};
};

/// What flux_stopping() returns, for the runtime's own use. Any thread; never blocks.
bool isStopping();

/// Makes the wake-up channel and installs the handlers. False after a logged message. Main thread, once.
bool initSignals();

/// Wakes the main thread from waitForEvent(), now or the next time. Any thread, also a signal handler; never blocks.
void wakeServer();

/// Sleeps until wakeServer(), a signal, until `descriptor` (-1: none) is readable, or until `deadline` on the monotonic
/// clock, in nanoseconds. Main thread.
void waitForEvent(uint64_t deadline, int descriptor = -1);

/// Returns whether a snapshot has been asked for since the last call; false in a worker. Main thread.
bool takeSnapshotRequest();

/// Makes the calling process a supervisor: the flags move to memory that the processes share which are forked from now
/// on, and the second SIGTERM or SIGINT calls `endWorkers`, in the signal handler. Main thread.
void becomeSupervisor(SignalFlags &shared, void (*endWorkers)());

/// Makes the calling process, which the supervisor `parent` has just forked, a worker of the server: its wake-ups come
/// by `descriptor`, an eventfd that the supervisor can write to as well, and what signals ask for goes to the
/// supervisor. When that dies, the server stops. Main thread.
void becomeWorker(int descriptor, pid_t parent);

/// Returns whether the supervisor of this worker is dead. Any thread, also a signal handler; never blocks.
bool isOrphaned();

/// Counts the interrupt signals of one thread, so that their sender can know that none is on its way. The thread
/// registers it; each side reads what the other writes.
struct InterruptCount {
  std::atomic<uint32_t> sent{0}, arrived{0};
};
void countInterrupts(InterruptCount &count);

} // namespace flux

#endif // FLUX_CORE_SERVER_SIGNALS_H
