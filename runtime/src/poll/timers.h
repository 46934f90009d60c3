/// timers.h - what happens at a time: a heap of deadlines.
#ifndef FLUX_POLL_TIMERS_H
#define FLUX_POLL_TIMERS_H

#include <stdint.h>

namespace flux {

/// A deadline, embedded in what waits for it. One list of children, doubly linked, so that it can leave at any time.
struct Timer {
  uint64_t when = 0; // on the monotonic clock, in nanoseconds
  Timer *child = nullptr;
  Timer *sibling = nullptr;
  Timer *previous = nullptr; // the left sibling, or the parent of a first child
  bool queued = false;
};

/// A pairing heap. It allocates nothing, so that setting a timer cannot fail; adding one, the most frequent thing, is a
/// comparison, and removing one, since most time-outs do not happen, is cheap while it has few children. (A wheel would
/// need a tick, and an idle server has none.)
class Timers {
public:
  /// Adds a timer that is not queued, to expire at `when`. It stays its owner's.
  void add(Timer &timer, uint64_t when);

  /// Takes a timer out, if it is queued.
  void remove(Timer &timer);

  /// Takes the earliest timer that expires at `now` or before, or returns null.
  Timer *takeExpired(uint64_t now);

  /// When the earliest expires; UINT64_MAX if there is none.
  uint64_t earliest() const { return root ? root->when : UINT64_MAX; }

private:
  Timer *root = nullptr;
};

} // namespace flux

#endif // FLUX_POLL_TIMERS_H
