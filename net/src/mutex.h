/// mutex.h - a mutex of one word, which flows of a loop wait for parked.
///
/// Each connection has one, and each request takes it: a pthread_mutex_t is ten times as large, and event loops stand
/// in for its functions, who would have to be called for what is hardly ever contended. From: Drepper, Futexes Are
/// Tricky (2011), the second of its mutexes.
#ifndef FLUX_NET_MUTEX_H
#define FLUX_NET_MUTEX_H

#include "deadline.h"

#include <atomic>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flux::net {

class Mutex {
public:
  void lock() {
    uint32_t is = kFree;
    // Acquire: sees what was done under it before.
    if (!word.compare_exchange_strong(is, kTaken, std::memory_order_acquire, std::memory_order_relaxed))
      await();
  }

  void unlock() {
    // Release: see lock().
    if (word.exchange(kFree, std::memory_order_release) == kAwaited)
      syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

private:
  enum : uint32_t { kFree, kTaken, kAwaited };

  // Who has waited cannot know whether others do, and so leaves it as awaited. A wait that fails is tried again.
  void await() {
    while (word.exchange(kAwaited, std::memory_order_acquire) != kFree)
      syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, kAwaited, nullptr, nullptr, 0);
  }

  std::atomic<uint32_t> word{kFree};
};

/// What one waits for who holds a mutex.
class Condition {
public:
  /// Waits, with the mutex open, until it is notified, for no reason, or until the deadline.
  void wait(Mutex &mutex, Deadline deadline) {
    const uint32_t is = word.load(std::memory_order_relaxed);
    const Deadline left = deadline == kNoDeadline ? 0 : deadline - nowMs();
    const timespec time = {left / 1000, left % 1000 * 1000000};
    mutex.unlock();
    if (left >= 0)
      syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, is, deadline == kNoDeadline ? nullptr : &time, nullptr, 0);
    mutex.lock();
  }

  /// For a holder of the mutex.
  void notify() {
    word.fetch_add(1, std::memory_order_relaxed);
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

private:
  std::atomic<uint32_t> word{0};
};

/// Holds a mutex while it lives.
class Locked {
public:
  explicit Locked(Mutex &locked) : mutex(locked) { mutex.lock(); }
  ~Locked() { mutex.unlock(); }
  Locked(const Locked &) = delete;
  Locked &operator=(const Locked &) = delete;

private:
  Mutex &mutex;
};

} // namespace flux::net

#endif // FLUX_NET_MUTEX_H
