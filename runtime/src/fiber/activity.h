/// activity.h - what a scheduler is doing, as another thread can see it.
#ifndef FLUX_FIBER_ACTIVITY_H
#define FLUX_FIBER_ACTIVITY_H

#include "core/os/clock.h"
#include "core/os/futex.h"

#include <atomic>
#include <stdint.h>

namespace flux {

/// A number that changes with everything that a scheduler begins, and is odd while it sleeps. A watcher that finds it
/// the same time after time knows that something holds it; one that finds it asleep sleeps, too, until it wakes.
///
/// It costs a store per job, and where it wakes up a look at whether somebody has to be woken.
class Activity {
public:
  /// It begins with another job or fiber. Relaxed: a number, which orders nothing. Its thread.
  void begin() { steps.store(even() + 2, std::memory_order_relaxed); }

  /// It is about to sleep, or may be. Its thread.
  void sleep() { steps.store(even() + 1, std::memory_order_relaxed); }

  /// It does not sleep any more. Its thread.
  void wake() {
    // Sequentially consistent, with what stands in awaitWaking(): either this sees the watcher doze, or the watcher
    // sees it awake.
    steps.store(even() + 2, std::memory_order_seq_cst);
    if (watcherDozes.load(std::memory_order_seq_cst) && watcherDozes.exchange(false, std::memory_order_relaxed))
      interrupt();
  }

  /// The number. Any thread.
  uint64_t look() const { return steps.load(std::memory_order_relaxed); }

  /// Blocks the watcher while it sleeps, or until interrupt(). One watcher. May return early.
  void awaitWaking() {
    watcherDozes.store(true, std::memory_order_seq_cst);
    if (isAsleep(steps.load(std::memory_order_seq_cst)))
      pause(kNever);
    watcherDozes.store(false, std::memory_order_relaxed);
  }

  /// Blocks the watcher for so long, or until interrupt(). May return early.
  void pause(uint64_t ns) {
    const timespec limit = toTimespec(ns);
    // Acquire: what the interrupter did before is seen.
    if (calls.load(std::memory_order_acquire) == callsSeen)
      futexWait(calls, callsSeen, FutexScope::Process, ns == kNever ? nullptr : &limit);
    callsSeen = calls.load(std::memory_order_acquire);
  }

  /// Ends the watcher's pause, or its next one. Any thread, also a signal handler.
  void interrupt() {
    calls.fetch_add(1, std::memory_order_release); // see pause()
    futexWakeOne(&calls, FutexScope::Process);
  }

  static bool isAsleep(uint64_t steps) { return steps & 1; }

private:
  uint64_t even() const { return steps.load(std::memory_order_relaxed) & ~uint64_t(1); }

  std::atomic<uint64_t> steps{0};
  std::atomic<bool> watcherDozes{false};
  std::atomic<uint32_t> calls{0}; // for the watcher
  uint32_t callsSeen = 0;         // the watcher's
};

} // namespace flux

#endif // FLUX_FIBER_ACTIVITY_H
