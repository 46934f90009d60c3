/// lock.h - the reader-writer lock behind a constraint.
#ifndef FLUX_CORE_LOCKS_LOCK_H
#define FLUX_CORE_LOCKS_LOCK_H

#include "core/locks/sync.h"
#include "flux/rt/context.h"

#include <atomic>
#include <stdint.h>

namespace flux {

/// A flow in the queue of a lock. It lives in the flow's context, since a flow waits for one lock at a time, and how
/// it sleeps is the execution model's business: a thread, a fiber, a process.
struct Waiter {
  Waiter *next = nullptr;
  flux_ir_mode mode = FLUX_IR_READ;
};

/// A FIFO-fair reader-writer lock. A flow that has to wait joins a queue, and nobody overtakes the queue: a waiting
/// writer holds back later readers, and a waiting reader is passed by no writer that came after it. Whoever frees the
/// lock hands it to the front of the queue: one writer, or all readers up to the next writer.
///
///   state   free 0 --write--> kWriter        kQueued is set exactly while the queue is not empty, and turns every
///           free 0 --read---> n * kReader    newcomer and every last holder from the fast path to the slow one.
///
/// Uncontended, acquire and release are one atomic operation each. A thread that finds its way barred, but no queue,
/// looks again for about 2 us before it queues, since handing a lock to a thread that sleeps takes longer than most
/// regions. Until then others may overtake it; so a wait is bounded by that and the flows in front of it in the queue.
///
/// `Sync` says whether threads share it (see sync.h); Lock, below, is for those that do.
template <typename Sync> class alignas(64) BasicLock {
public:
  BasicLock() = default;
  BasicLock(const BasicLock &) = delete;
  BasicLock &operator=(const BasicLock &) = delete;

  /// Takes the lock in `mode` for the flow of `self`, blocking it while others stand in the way. Returns the
  /// nanoseconds waited, 0 only if it did not have to. Not reentrant: the context knows what its flow holds.
  uint64_t acquire(Waiter &self, flux_ir_mode mode) { return tryAcquire(mode) ? 0 : acquireSlowly(self, mode); }

  /// Takes the lock if that needs no waiting. Never blocks.
  bool tryAcquire(flux_ir_mode mode) {
    // Relaxed: the compare-and-swap checks the value again.
    uint32_t seen = state.load(std::memory_order_relaxed);
    return mode == FLUX_IR_WRITE ? tryWrite(seen) : tryRead(seen);
  }

  /// Gives the lock back; wakes those it is handed to. Never blocks.
  void release(flux_ir_mode mode) {
    if (mode == FLUX_IR_WRITE) {
      uint32_t expected = kWriter;
      // Release: what the region wrote is visible to the next holder.
      if (state.compare_exchange_strong(expected, 0, std::memory_order_release, std::memory_order_relaxed))
        return;
    } else {
      // Release for the next holder; acquire since the last reader hands the lock over in the name of all readers.
      uint32_t before = state.fetch_sub(kReader, std::memory_order_acq_rel);
      if (before != (kReader | kQueued))
        return;
    }
    handOver();
  }

private:
  static constexpr uint32_t kWriter = 1, kQueued = 2, kReader = 4;

  /// Whether a newcomer has to wait while the state is `seen` and nobody queues.
  static bool isBarred(uint32_t seen, flux_ir_mode mode) {
    return mode == FLUX_IR_WRITE ? seen != 0 : (seen & kWriter) != 0;
  }

  bool tryWrite(uint32_t seen) {
    // Acquire: sees what earlier holders wrote. Relaxed on failure: nothing was taken.
    return seen == 0 &&
           state.compare_exchange_strong(seen, kWriter, std::memory_order_acquire, std::memory_order_relaxed);
  }

  bool tryRead(uint32_t seen) {
    // Orders as above. Another reader in between is no reason to queue, so try until the way is barred.
    while ((seen & (kWriter | kQueued)) == 0)
      if (state.compare_exchange_weak(seen, seen + kReader, std::memory_order_acquire, std::memory_order_relaxed))
        return true;
    return false;
  }

  uint64_t acquireSlowly(Waiter &self, flux_ir_mode mode);
  bool tryForAMoment(flux_ir_mode mode);
  bool acquireOrEnqueue(Waiter &self, flux_ir_mode mode) FLUX_EXCLUDES(mutex);
  void handOver() FLUX_EXCLUDES(mutex);

  typename Sync::Word state{0};
  typename Sync::Mutex mutex;
  Waiter *head FLUX_GUARDED_BY(mutex) = nullptr;
  Waiter *tail FLUX_GUARDED_BY(mutex) = nullptr;
};

using Lock = BasicLock<ThreadSync>;

} // namespace flux

#endif // FLUX_CORE_LOCKS_LOCK_H
