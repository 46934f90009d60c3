/// locks.h - what constraints are made of. The execution model chooses (Model::locks).
///
/// Contexts count what they hold, nested acquisitions included (entry_points.cpp); here is what remains: taking and
/// giving back one lock, of the program or of a session, for the flow of a context.
#ifndef FLUX_CORE_LOCKS_LOCKS_H
#define FLUX_CORE_LOCKS_LOCKS_H

#include <stdint.h>

namespace flux {

struct Context;
struct Held;

struct Locks {
  /// Makes the locks of `runtime.program`. False when memory is short. Main thread, once, before any context is made.
  bool (*init)();

  /// Sets aside what the flows of `context` need to take any lock without failing. False when memory is short. Any
  /// thread.
  bool (*reserve)(Context &context);

  /// Gives that back. The context holds no lock. Any thread.
  void (*unreserve)(Context &context);

  /// Takes the lock `held.index` in `held.mode`, that of the context's session if it is a session lock, blocking the
  /// flow while others stand in the way. Returns the nanoseconds waited, 0 only if it did not have to. May note in
  /// `held` what release() needs. On the flow, which does not hold it.
  uint64_t (*acquire)(Context &context, Held &held);

  /// Gives the lock back. On the flow; never blocks for long.
  void (*release)(Context &context, const Held &held);

  /// Returns the number of session locks that are held or awaited. Any thread.
  uint64_t (*liveSessions)();
};

/// Locks for flows on any threads of one process.
extern const Locks threadLocks;

/// Locks for flows that all run on one thread and leave it to others only by parking: no atomic operation, no mutex.
extern const Locks loopLocks;

} // namespace flux

#endif // FLUX_CORE_LOCKS_LOCKS_H
