/// flow_queue.h - the bounded FIFO queue between sources and workers.
#ifndef FLUX_MODELS_POOL_FLOW_QUEUE_H
#define FLUX_MODELS_POOL_FLOW_QUEUE_H

#include "core/flow.h"
#include "core/os/mutex.h"
#include "core/os/parker.h"

namespace flux {

/// A FIFO of flows with a limit, and the sleep of the workers that serve it.
///
/// At most one worker is on its way from sleep to the queue at any time; having taken a flow, it wakes the next if
/// there is more. So a burst costs the source one wake-up, no herd fights over one flow, and while workers are busy
/// nobody makes a system call. Sleeping workers are woken latest first, which keeps few of them busy and their memory
/// warm.
///
///   invariant: a flow queued and a worker asleep means a worker on its way
class FlowQueue {
public:
  /// One worker's place at the queue.
  struct Place {
    Place *next = nullptr; // among the sleeping
    Parker parker;
    bool running = false; // it has a flow
    bool waking = false;  // it is the one on its way
  };

  explicit FlowQueue(uint64_t limit) : limit(limit) {}
  FlowQueue(const FlowQueue &) = delete;
  FlowQueue &operator=(const FlowQueue &) = delete;

  /// Sets how many flows may wait. Before the first push.
  void setLimit(uint64_t flows);

  /// Appends a flow, which passes to the queue; blocks while it is full. Any thread.
  void push(Flow *flow) FLUX_EXCLUDES(mutex);

  /// Ends the worker's flow, if it has one, and returns its next one, which passes to it; blocks while there is none.
  /// Null once the queue is closed and empty. `place` is the worker's own.
  Flow *pop(Place &place) FLUX_EXCLUDES(mutex);

  /// Returns how many flows wait and run. From the first call on, wakeServer() is called when there are no more.
  uint64_t drain() FLUX_EXCLUDES(mutex);

  /// Lets pop() return null instead of waiting. Any thread.
  void close() FLUX_EXCLUDES(mutex);

  /// What a snapshot shows.
  struct Figures {
    uint64_t depth, limit, running, sourcesWaiting, taken;
  };
  Figures figures() FLUX_EXCLUDES(mutex);

private:
  Place *wakeNext() FLUX_REQUIRES(mutex);
  Flow *take(Place &place) FLUX_REQUIRES(mutex);

  Mutex mutex;
  Condition space;
  uint64_t limit FLUX_GUARDED_BY(mutex);
  Flow *head FLUX_GUARDED_BY(mutex) = nullptr;
  Flow *tail FLUX_GUARDED_BY(mutex) = nullptr;
  Place *sleeping FLUX_GUARDED_BY(mutex) = nullptr;
  uint64_t depth FLUX_GUARDED_BY(mutex) = 0;
  uint64_t running FLUX_GUARDED_BY(mutex) = 0;
  uint64_t taken FLUX_GUARDED_BY(mutex) = 0;       // flows, so far
  uint64_t waiting FLUX_GUARDED_BY(mutex) = 0;     // sources in push()
  bool spaceWanted FLUX_GUARDED_BY(mutex) = false; // one of them has not been notified
  bool waking FLUX_GUARDED_BY(mutex) = false;      // a worker is on its way
  bool draining FLUX_GUARDED_BY(mutex) = false;
  bool closed FLUX_GUARDED_BY(mutex) = false;
};

} // namespace flux

#endif // FLUX_MODELS_POOL_FLOW_QUEUE_H
