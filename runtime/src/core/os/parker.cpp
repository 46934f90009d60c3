#include "core/os/parker.h"

#include "core/os/clock.h"
#include "core/os/futex.h"

namespace flux {

bool Parker::park(uint64_t timeoutNs) {
  spinWhile(state, kEmpty);
  const uint64_t deadline = timeoutNs == kForever ? kForever : nowNs() + timeoutNs;
  uint32_t expected = kEmpty;
  // Acquire where it fails: the failure means that a notification is there, and its waker's writes must be seen.
  bool sleeping =
      state.compare_exchange_strong(expected, kParked, std::memory_order_relaxed, std::memory_order_acquire);
  bool timedOut = false;
  // Acquire: pairs with the release in unpark().
  while (sleeping && !timedOut && state.load(std::memory_order_acquire) == kParked) {
    if (deadline == kForever) {
      futexWait(state, kParked, FutexScope::Process);
      continue;
    }
    uint64_t now = nowNs();
    timedOut = now >= deadline;
    if (!timedOut) {
      timespec left = toTimespec(deadline - now);
      futexWait(state, kParked, FutexScope::Process, &left);
    }
  }
  // Acquire: an unpark() may come between the time-out and this exchange; then it counts as woken.
  return state.exchange(kEmpty, std::memory_order_acquire) == kNotified;
}

void Parker::unpark() {
  std::atomic<uint32_t> *word = &state;
  // Release: what the waker wrote is visible to the thread that wakes.
  if (word->exchange(kNotified, std::memory_order_release) == kParked)
    futexWakeOne(word, FutexScope::Process);
}

} // namespace flux
