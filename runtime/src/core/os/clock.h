/// clock.h - the runtime's time: it reads the clock here and nowhere else, and what sleeps for a time in it does so
/// here or through the model (pauseFlow() in context.h). A build with another clock.cpp lives in another time.
#ifndef FLUX_CORE_OS_CLOCK_H
#define FLUX_CORE_OS_CLOCK_H

#include <stdint.h>
#include <time.h>

namespace flux {

constexpr uint64_t kNsPerMs = 1000000;
constexpr uint64_t kNsPerSecond = 1000000000;

/// A time that does not come.
constexpr uint64_t kNever = UINT64_MAX;

inline timespec toTimespec(uint64_t ns) {
  timespec result;
  result.tv_sec = static_cast<time_t>(ns / kNsPerSecond);
  result.tv_nsec = static_cast<long>(ns % kNsPerSecond);
  return result;
}

/// `time`, which is not negative, in nanoseconds; kNever if that is too much.
inline uint64_t toNs(const timespec &time) {
  const auto seconds = static_cast<uint64_t>(time.tv_sec);
  return seconds < kNever / kNsPerSecond - 1 ? seconds * kNsPerSecond + static_cast<uint64_t>(time.tv_nsec) : kNever;
}

/// The monotonic clock in nanoseconds. Any thread, also a signal handler.
uint64_t nowNs();

/// `ns` nanoseconds from now, or kNever if that is too far away. Any thread, also a signal handler.
uint64_t deadlineIn(uint64_t ns);

/// Another clock in nanoseconds. Any thread.
uint64_t nowNs(clockid_t clock);

/// The clock of the time that the calling thread spends on the processor, for any thread to read.
clockid_t cpuClock();

/// Blocks the calling thread for so long, or until a signal comes.
void sleepNs(uint64_t ns);

} // namespace flux

#endif // FLUX_CORE_OS_CLOCK_H
