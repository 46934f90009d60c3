/// ticks.cpp - sources that start a flow every so often.
#include "flux/net.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

namespace {

constexpr uint64_t kNsPerMs = 1000000, kNsPerSecond = 1000 * kNsPerMs;

uint64_t nowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * kNsPerSecond + static_cast<uint64_t>(now.tv_nsec);
}

} // namespace

struct flux_net_ticker {
  uint64_t periodNs;
  uint64_t startNs; // 0 before the first tick is waited for
  uint64_t number;  // of the last one
};

flux_net_ticker *flux_net_every(uint32_t ms) {
  auto *ticker = ms > 0 ? static_cast<flux_net_ticker *>(calloc(1, sizeof(flux_net_ticker))) : nullptr;
  if (ticker)
    ticker->periodNs = ms * kNsPerMs;
  return ticker;
}

int flux_net_tick(flux_net_ticker *ticker, uint64_t *number) {
  const uint64_t now = nowNs();
  if (ticker->startNs == 0)
    ticker->startNs = now;
  const uint64_t passed = (now - ticker->startNs) / ticker->periodNs;
  const uint64_t next = passed > ticker->number ? passed : ticker->number + 1;
  const uint64_t at = ticker->startNs + next * ticker->periodNs;
  const timespec until = {static_cast<time_t>(at / kNsPerSecond), static_cast<long>(at % kNsPerSecond)};
  while (!flux_stopping()) {
    const int error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    if (error == EINTR)
      continue;
    *number = ticker->number = next;
    return error;
  }
  return FLUX_STOP;
}
