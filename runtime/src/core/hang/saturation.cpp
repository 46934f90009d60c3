#include "core/hang/saturation.h"

#include "core/log.h"
#include "core/os/clock.h"
#include "core/runtime.h"

namespace flux {

namespace {

/// A limit that is reached again and again is logged so often at most.
constexpr uint64_t kPauseNs = 10 * kNsPerSecond;

unsigned long long print(uint64_t number) { return number; }

double secondsSince(uint64_t then, uint64_t now) { return double(now - then) / double(kNsPerSecond); }

} // namespace

void Saturation::look(uint64_t at) {
  now = at;
  number = 0;
  limitsFlows = false;
  room = false;
  if (runtime.model->offerLimits)
    runtime.model->offerLimits(*this);
  room |= !limitsFlows;
}

void Saturation::offer(const Limit &limit) {
  limitsFlows |= limit.isForFlows;
  room |= limit.isForFlows && limit.used < limit.most;
  if (number == kMost)
    return;
  Known &last = known[number++];
  if (stands(limit, last)) {
    if (!last.isLogged && now >= last.nextNs)
      log(limit, last);
  } else {
    if (last.isLogged)
      logMessage("%s are free again after %.1f s", limit.what, secondsSince(last.sinceNs, now));
    const bool isReached = limit.used >= limit.most && limit.waiting > 0;
    last = {isReached ? now : 0, limit.taken, last.nextNs, false};
  }
}

/// Whether it is reached, and was at the last look.
bool Saturation::stands(const Limit &limit, const Known &last) {
  return limit.used >= limit.most && limit.waiting > 0 && last.sinceNs != 0 && limit.taken == last.taken;
}

void Saturation::log(const Limit &limit, Known &last) const {
  last.isLogged = true;
  last.nextNs = now + kPauseNs;
  logMessage("all %llu %s have been taken for %.1f s and %llu wait for one; %s allows more", print(limit.most),
             limit.what, secondsSince(last.sinceNs, now), print(limit.waiting), limit.option);
}

} // namespace flux
