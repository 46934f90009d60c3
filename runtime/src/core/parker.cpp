#include "core/parker.h"

#include "core/clock.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flux {

namespace {

// About 2 us: less than a sleep and a wake-up cost, so that spinning at most doubles the price of a wait, and long
// enough for a constraint around a few hundred instructions to be handed over without a system call.
constexpr unsigned kSpins = 64;
unsigned spins = 0;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void futexWait(std::atomic<uint32_t> &word, uint32_t expected, const timespec *timeout) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, timeout, nullptr, 0);
}

void futexWakeOne(std::atomic<uint32_t> *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0); }

} // namespace

void calibrateSpinning() {
  cpu_set_t cpus;
  spins = sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) > 1 ? kSpins : 0;
}

bool Parker::park(uint64_t timeoutNs) {
  for (unsigned i = 0; i < spins; ++i) {
    // Relaxed: only a hint to stop spinning; the exchange below synchronises.
    if (state.load(std::memory_order_relaxed) == kNotified)
      break;
    relax();
  }
  const uint64_t deadline = timeoutNs == kForever ? kForever : nowNs() + timeoutNs;
  uint32_t expected = kEmpty;
  // Acquire where it fails: the failure means that a notification is there, and its waker's writes must be seen.
  bool sleeping =
      state.compare_exchange_strong(expected, kParked, std::memory_order_relaxed, std::memory_order_acquire);
  bool timedOut = false;
  // Acquire: pairs with the release in unpark().
  while (sleeping && !timedOut && state.load(std::memory_order_acquire) == kParked) {
    if (deadline == kForever) {
      futexWait(state, kParked, nullptr);
      continue;
    }
    uint64_t now = nowNs();
    timedOut = now >= deadline;
    if (!timedOut) {
      timespec left = toTimespec(deadline - now);
      futexWait(state, kParked, &left);
    }
  }
  // Acquire: an unpark() may come between the time-out and this exchange; then it counts as woken.
  return state.exchange(kEmpty, std::memory_order_acquire) == kNotified;
}

void Parker::unpark() {
  std::atomic<uint32_t> *word = &state;
  // Release: what the waker wrote is visible to the thread that wakes.
  if (word->exchange(kNotified, std::memory_order_release) == kParked)
    futexWakeOne(word);
}

} // namespace flux
