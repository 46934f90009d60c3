#include "core/locks/lock.h"

#include "core/context.h"
#include "core/os/futex.h"

namespace flux {

/// Takes the lock if it has become free, else joins the queue; returns whether it was taken.
template <typename Sync> bool BasicLock<Sync>::acquireOrEnqueue(Waiter &self, flux_ir_mode mode) {
  typename Sync::Guard guard(mutex);
  // Relaxed: every exchange below checks the value again.
  uint32_t seen = state.load(std::memory_order_relaxed);
  // A queue bars the fast path for all, so this loop ends: either the lock is taken, or kQueued is set while a holder
  // exists that will find it there when it leaves.
  while ((seen & kQueued) == 0) {
    if (mode == FLUX_IR_WRITE ? tryWrite(seen) : tryRead(seen))
      return true;
    seen = state.load(std::memory_order_relaxed);
    // Relaxed: the mark publishes nothing, the queue itself is under the mutex.
    if (isBarred(seen, mode) && state.compare_exchange_weak(seen, seen | kQueued, std::memory_order_relaxed))
      break;
    seen = state.load(std::memory_order_relaxed);
  }
  self.mode = mode;
  self.next = nullptr;
  (head ? tail->next : head) = &self;
  tail = &self;
  return false;
}

/// Takes the lock if it becomes free soon. Looks ever more rarely, so that whoever has the lock's cache line takes it
/// several times before the line travels. Gives up at once where others queue: nobody overtakes them.
template <typename Sync> bool BasicLock<Sync>::tryForAMoment(flux_ir_mode mode) {
  const unsigned budget = Sync::isShared ? spinBudget() : 0;
  for (unsigned pauses = 1, spent = 0; spent < budget; spent += pauses, pauses *= 2) {
    for (unsigned i = 0; i < pauses; ++i)
      cpuRelax();
    // Relaxed: tryAcquire() looks again.
    const uint32_t seen = state.load(std::memory_order_relaxed);
    if (seen & kQueued)
      return false;
    if (!isBarred(seen, mode) && tryAcquire(mode))
      return true;
  }
  return false;
}

template <typename Sync> uint64_t BasicLock<Sync>::acquireSlowly(Waiter &self, flux_ir_mode mode) {
  const uint64_t start = nowNs();
  // The lock is handed over before the wake-up, and waking synchronises with the hand-over.
  if (!tryForAMoment(mode) && !acquireOrEnqueue(self, mode))
    parkFlow(self);
  return nowNs() - start + 1;
}

/// Called by the holder that leaves a lock with a queue: nobody else can change `state` until it has a new holder.
template <typename Sync> void BasicLock<Sync>::handOver() {
  Waiter *granted;
  {
    typename Sync::Guard guard(mutex);
    granted = head;
    Waiter *last = granted;
    uint32_t holders = kWriter;
    if (granted->mode == FLUX_IR_READ) {
      holders = kReader;
      for (; last->next && last->next->mode == FLUX_IR_READ; last = last->next)
        holders += kReader;
    }
    head = last->next;
    last->next = nullptr;
    // Acquire and release: passes what earlier holders wrote on to the flows that enter by the fast path from now on.
    state.exchange(holders | (head ? kQueued : 0), std::memory_order_acq_rel);
  }
  while (granted) {
    // Once woken, a flow may queue elsewhere: read the link first.
    Waiter *next = granted->next;
    unparkFlow(*granted);
    granted = next;
  }
}

template class BasicLock<ThreadSync>;
template class BasicLock<LoopSync>;

} // namespace flux
