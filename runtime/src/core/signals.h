/// signals.h - how signals reach the server.
///
/// SIGTERM and SIGINT begin the shutdown, the second one ends the process; SIGUSR1 asks for a snapshot; SIGPIPE does
/// nothing. Handlers only set flags and wake the main thread. No signal is blocked in any thread and none set to be
/// ignored, since programs that nodes start would inherit that; the kernel prefers the main thread for a signal to the
/// process.
#ifndef FLUX_CORE_SIGNALS_H
#define FLUX_CORE_SIGNALS_H

#include <signal.h>
#include <stdint.h>

namespace flux {

/// What interrupts a source's system call: its handler does nothing and has no SA_RESTART. SIGURG, because it is
/// ignored by default and nobody uses it without having asked the kernel for it.
constexpr int kInterruptSignal = SIGURG;

/// What flux_stopping() returns, for the runtime's own use. Any thread; never blocks.
bool isStopping();

/// Makes the wake-up channel and installs the handlers. False after a logged message. Main thread, once.
bool initSignals();

/// Wakes the main thread from waitForEvent(), now or the next time. Any thread, also a signal handler; never blocks.
void wakeServer();

/// Sleeps until wakeServer(), a signal, or for `timeoutMs` (-1: for ever). Main thread.
void waitForEvent(int timeoutMs);

/// Returns whether a snapshot has been asked for since the last call. Main thread.
bool takeSnapshotRequest();

} // namespace flux

#endif // FLUX_CORE_SIGNALS_H
