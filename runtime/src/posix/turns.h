/// turns.h - how a flow waits for something that is taken by trying: a lock, a semaphore.
#ifndef FLUX_POSIX_TURNS_H
#define FLUX_POSIX_TURNS_H

#include "core/os/clock.h"
#include "fiber/parking_lot.h"
#include "posix/blocking.h"
#include "posix/parking.h"

#include <errno.h>

namespace flux {

/// A flow's wait for its turn.
struct Turn {
  const void *address;
  uint32_t kind = 0; // what flows of one kind want excludes the others of that kind
  uint64_t deadline = kNever;
  bool isAnnounced = true; // whoever lets it go on calls wake(); else it has to look now and then
  bool mayInterrupt = false;
  bool isForMutex = false;
};

/// How long a flow sleeps that nobody wakes: others in another process, or a thread that dies.
constexpr uint64_t kLookNs = 2 * kNsPerMs;

/// Parks the flow until `attempt()` returns anything else than EBUSY, and returns that; ETIMEDOUT at the deadline,
/// EINTR if it is interrupted and may be. It parks whatever was promised: keeping the thread would keep those from
/// going on that it waits for.
template <typename F> int awaitTurn(const Turn &turn, F attempt) {
  mayPark();
  Waiting self(turn.address, turn.kind);
  self.isForMutex = turn.isForMutex;
  Bucket &bucket = bucketOf(turn.address);
  for (;;) {
    bool isOthers;
    {
      const HeldBucket held(bucket);
      isOthers = !self.insists &&
                 findWaiting(bucket, turn.address, [&](const Waiting &who) { return insistsOn(who, turn.kind); });
      enqueue(bucket, self);
    }
    int result = isOthers ? EBUSY : attempt();
    if (result != EBUSY) {
      stopWaiting(self);
      return result;
    }
    const uint64_t look = turn.isAnnounced ? kNever : deadlineIn(kLookNs);
    const Outcome outcome = awaitWaking(self, look < turn.deadline ? look : turn.deadline);
    result = attempt();
    if (result == EBUSY && outcome == Outcome::Interrupted && turn.mayInterrupt)
      result = EINTR;
    else if (result == EBUSY && turn.deadline != kNever && nowNs() >= turn.deadline)
      result = ETIMEDOUT;
    if (result != EBUSY) {
      stopWaiting(self);
      return result;
    }
    // Once only: from then on it stays in the queue, where others look at that. By the first wake-up it has left it.
    if (outcome == Outcome::Ready && !self.insists)
      self.insists = true;
  }
}

inline bool isValid(const timespec &time) { return time.tv_nsec >= 0 && time.tv_nsec < long(kNsPerSecond); }

/// The deadline of a call that waits until `clock` shows `time`. False for what such calls refuse.
inline bool findDeadline(clockid_t clock, const timespec &time, uint64_t &deadline) {
  if (!isValid(time) || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME))
    return false;
  deadline = deadlineAt(clock, time);
  return true;
}

} // namespace flux

#endif // FLUX_POSIX_TURNS_H
