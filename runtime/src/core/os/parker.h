/// parker.h - a place where one OS thread sleeps until another wakes it.
#ifndef FLUX_CORE_OS_PARKER_H
#define FLUX_CORE_OS_PARKER_H

#include <atomic>
#include <stdint.h>

namespace flux {

/// A binary semaphore on a futex with one waiter. An unpark() that comes first is not lost: the next park() returns
/// at once. Neither call makes a system call unless the thread really sleeps.
class Parker {
public:
  static constexpr uint64_t kForever = UINT64_MAX;

  /// Blocks the calling thread until unpark(), or for `timeoutNs`; returns whether it was unparked. Signals do not
  /// end it. What the waker did before unpark() is visible afterwards. One thread at a time.
  bool park(uint64_t timeoutNs = kForever);

  /// Wakes the thread in park(), or the next one to call it. Any thread; never blocks. The parker may be destroyed as
  /// soon as park() has returned, even though unpark() may still be about to make its wake-up call: that touches
  /// the address only as a key.
  void unpark();

private:
  enum : uint32_t { kEmpty, kParked, kNotified };
  std::atomic<uint32_t> state{kEmpty};
};

} // namespace flux

#endif // FLUX_CORE_OS_PARKER_H
