/// stream_lock.h - the lock of a stream of stdio, held by flows.
#ifndef FLUX_POSIX_STREAM_LOCK_H
#define FLUX_POSIX_STREAM_LOCK_H

#include "fiber/scheduler.h"

#include <stdio.h>

namespace flux {

/// Holds a stream for a scope, for the flow that the calling thread runs: libc's calls on it within are that flow's
/// alone. It waits by parking. For a thread it does nothing: libc has the lock, which is the same one.
///
/// libc notes the thread that has the lock, which is one for all flows of a loop: the flow is noted beside it.
class StreamLock {
public:
  explicit StreamLock(FILE *stream) {
    if (const Fiber *fiber = Scheduler::currentFiber())
      take(*fiber, stream);
  }
  ~StreamLock() {
    if (held)
      giveBack();
  }
  StreamLock(const StreamLock &) = delete;
  StreamLock &operator=(const StreamLock &) = delete;

  /// The stream is gone, and its lock with it.
  void forget() { held = nullptr; }

private:
  void take(const Fiber &fiber, FILE *stream);
  void giveBack();

  FILE *held = nullptr; // null if it was the flow's before, too
};

/// flockfile(), ftrylockfile() and funlockfile() as the program has them.
void lockStream(FILE *stream);
int tryLockStream(FILE *stream);
void unlockStream(FILE *stream);

} // namespace flux

#endif // FLUX_POSIX_STREAM_LOCK_H
