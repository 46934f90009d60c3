/// deadline.h - points in time, in milliseconds of the coarse monotonic clock.
#ifndef FLUX_NET_DEADLINE_H
#define FLUX_NET_DEADLINE_H

#include "flux/net.h"

#include <limits>
#include <stdint.h>
#include <time.h>

namespace flux::net {

using Deadline = int64_t;
constexpr Deadline kNoDeadline = std::numeric_limits<Deadline>::max();

inline Deadline nowMs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return int64_t(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

/// So many milliseconds from now, FLUX_NET_NEVER being no deadline.
inline Deadline deadlineIn(uint32_t ms) { return ms == FLUX_NET_NEVER ? kNoDeadline : nowMs() + ms; }

/// What poll() is told to wait until then. A little longer than the clock's step, lest it wakes just before.
inline int pollTimeout(Deadline deadline) {
  if (deadline == kNoDeadline)
    return -1;
  const Deadline left = deadline - nowMs();
  constexpr Deadline kLongest = 60 * 1000, kStep = 5;
  return static_cast<int>(left < 0 ? 0 : left < kLongest ? left + kStep : kLongest);
}

} // namespace flux::net

#endif // FLUX_NET_DEADLINE_H
