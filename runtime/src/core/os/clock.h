/// clock.h - the monotonic clock in nanoseconds.
#ifndef FLUX_CORE_OS_CLOCK_H
#define FLUX_CORE_OS_CLOCK_H

#include <stdint.h>
#include <time.h>

namespace flux {

constexpr uint64_t kNsPerMs = 1000000;
constexpr uint64_t kNsPerSecond = 1000000000;

inline timespec toTimespec(uint64_t ns) {
  timespec result;
  result.tv_sec = static_cast<time_t>(ns / kNsPerSecond);
  result.tv_nsec = static_cast<long>(ns % kNsPerSecond);
  return result;
}

inline uint64_t nowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * kNsPerSecond + static_cast<uint64_t>(now.tv_nsec);
}

} // namespace flux

#endif // FLUX_CORE_OS_CLOCK_H
