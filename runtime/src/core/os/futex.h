/// futex.h - the kernel's wait and wake on a word of memory.
#ifndef FLUX_CORE_OS_FUTEX_H
#define FLUX_CORE_OS_FUTEX_H

#include "core/os/real.h"
#include "core/os/sanitizers.h"

#include <atomic>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace flux {

/// The waiters of a word: threads of this process, or of all that share its memory. Both sides must agree.
enum class FutexScope : int { Process = FUTEX_PRIVATE_FLAG, Shared = 0 };

/// Sleeps while the word is `expected`, until a wake-up, a signal, or `timeout` (null: for ever). Any thread.
inline void futexWait(const std::atomic<uint32_t> &word, uint32_t expected, FutexScope scope,
                      const timespec *timeout = nullptr) {
  const FutexSleep sleeping;
  real::syscall(SYS_futex, &word, FUTEX_WAIT | static_cast<int>(scope), expected, timeout, nullptr, 0);
}

/// Wakes one thread that sleeps on the word, whose memory may even have another use by now. Any thread; never blocks.
inline void futexWakeOne(const std::atomic<uint32_t> *word, FutexScope scope) {
  real::syscall(SYS_futex, word, FUTEX_WAKE | static_cast<int>(scope), 1, nullptr, nullptr, 0);
}

/// Wakes all that sleep until a mutex is unlocked, which then try again. Any thread; never blocks.
inline void wakeAllOfMutex(const pthread_mutex_t &mutex, FutexScope scope) {
  real::syscall(SYS_futex, &mutex.__data.__lock, FUTEX_WAKE | static_cast<int>(scope), INT_MAX, nullptr, nullptr, 0);
}

/// How many times a thread looks at a word before it sleeps, with a cpuRelax() after each look: about 2 us altogether.
unsigned spinBudget();

/// Tells the processor that this thread spins.
void cpuRelax();

/// Spins for about 2 us while the word is `unwanted`: less than a sleep and a wake-up cost, so that spinning at most
/// doubles the price of a wait, and long enough for a constraint around a few hundred instructions to be handed over
/// without a system call. Only a hint that synchronises nothing. Any thread.
void spinWhile(const std::atomic<uint32_t> &word, uint32_t unwanted);

/// Sets spinBudget() up; on a machine with a single processor, where spinning only delays the waker, there is none.
/// Called once, before other threads exist.
void calibrateSpinning();

} // namespace flux

#endif // FLUX_CORE_OS_FUTEX_H
