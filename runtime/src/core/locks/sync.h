/// sync.h - what locks and tables are made of where threads share them, and where one thread has them for itself.
///
/// Each is a policy for templates: `Word` has the part of std::atomic<uint32_t> that they use, `Mutex` and `Guard` are
/// a mutex and its scope. The algorithms stand once; on an event loop they cost plain loads and stores.
#ifndef FLUX_CORE_LOCKS_SYNC_H
#define FLUX_CORE_LOCKS_SYNC_H

#include "core/os/mutex.h"

#include <atomic>
#include <stdint.h>

namespace flux {

/// Any thread may come at any time.
struct ThreadSync {
  static constexpr bool isShared = true;
  using Word = std::atomic<uint32_t>;
  using Mutex = flux::Mutex;
  using Guard = MutexLock;
};

/// One thread runs all flows, so that nothing happens between two steps of it.
struct LoopSync {
  static constexpr bool isShared = false;
  class Word {
  public:
    Word(uint32_t value) : value(value) {}
    uint32_t load(std::memory_order) const { return value; }
    uint32_t exchange(uint32_t desired, std::memory_order) {
      const uint32_t before = value;
      value = desired;
      return before;
    }
    uint32_t fetch_sub(uint32_t by, std::memory_order) {
      value -= by;
      return value + by;
    }
    bool compare_exchange_strong(uint32_t &expected, uint32_t desired, std::memory_order, std::memory_order) {
      const bool equal = value == expected;
      (equal ? value : expected) = equal ? desired : value;
      return equal;
    }
    bool compare_exchange_weak(uint32_t &expected, uint32_t desired, std::memory_order succeeded,
                               std::memory_order failed = std::memory_order_relaxed) {
      return compare_exchange_strong(expected, desired, succeeded, failed);
    }

  private:
    uint32_t value;
  };

  class FLUX_CAPABILITY("mutex") Mutex {};

  class FLUX_SCOPED_CAPABILITY Guard {
  public:
    explicit Guard([[maybe_unused]] Mutex &mutex) FLUX_ACQUIRE(mutex) {}
    ~Guard() FLUX_RELEASE() {}
    Guard(const Guard &) = delete;
    Guard &operator=(const Guard &) = delete;
  };
};

} // namespace flux

#endif // FLUX_CORE_LOCKS_SYNC_H
