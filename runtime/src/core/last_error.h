/// last_error.h - what has failed last.
#ifndef FLUX_CORE_LAST_ERROR_H
#define FLUX_CORE_LAST_ERROR_H

#include <atomic>
#include <stdint.h>

namespace flux {

/// One failure.
struct Failure {
  uint64_t ns;      // when, on the monotonic clock
  int32_t function; // which of the program's
  int32_t error;    // what it has returned
  int64_t source;   // that runs it, an index; -1: a flow does
};

/// The latest failure of those that one owner notes. Zeroed memory has none. One thread at a time writes, any thread
/// of any process that shares it reads, and a writer may die at any instant.
class LastError {
public:
  void set(const Failure &failure) {
    // Odd while it changes. Relaxed: the releases behind it let nobody see a change without it.
    version.store(version.load(std::memory_order_relaxed) | 1, std::memory_order_relaxed);
    ns.store(failure.ns, std::memory_order_release);
    what.store(uint64_t(uint32_t(failure.function)) << 32 | uint32_t(failure.error), std::memory_order_release);
    source.store(failure.source, std::memory_order_release);
    version.store(version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// False if there is none, or if it changes all the time.
  bool get(Failure &failure) const {
    for (int tries = 0; tries < 4; ++tries) {
      const uint64_t before = version.load(std::memory_order_acquire);
      failure.ns = ns.load(std::memory_order_acquire);
      const uint64_t both = what.load(std::memory_order_acquire);
      failure.function = static_cast<int32_t>(both >> 32);
      failure.error = static_cast<int32_t>(both);
      failure.source = source.load(std::memory_order_acquire);
      // Relaxed: behind the acquires, so that it is new if one of these was.
      if (before % 2 == 0 && version.load(std::memory_order_relaxed) == before)
        return before > 0;
    }
    return false;
  }

private:
  std::atomic<uint64_t> version{0};
  std::atomic<uint64_t> ns{0};
  std::atomic<uint64_t> what{0};
  std::atomic<int64_t> source{0};
};

} // namespace flux

#endif // FLUX_CORE_LAST_ERROR_H
