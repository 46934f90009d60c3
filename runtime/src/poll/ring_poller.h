/// ring_poller.h - descriptors watched by requests in an io_uring.
#ifndef FLUX_POLL_RING_POLLER_H
#define FLUX_POLL_RING_POLLER_H

#include "poll/ring.h"
#include "poll/watch.h"

namespace flux {

/// A poll request in the ring for each descriptor that is waited for. Requests are handed over where the loop sleeps or
/// looks anyway, all of them by that one system call.
///
/// A request keeps the file behind its descriptor open. So it is taken back when nobody waits any more, and at once
/// when the descriptor is being closed. See Poller for the contracts.
class RingPoller {
public:
  bool open() { return ring.open(); }
  void close() { ring.close(); }
  bool attach() { return ring.attach(); }
  Arming arm(int fd, Watch &watch, uint32_t events);
  void disarm(int fd, Watch &watch);
  void forget(int fd, Watch &watch);
  int wait(Ready *ready, int capacity, uint64_t timeoutNs);

private:
  Ring ring;
  bool takesBack = false; // what disarm() has asked for may not be handed over yet
};

} // namespace flux

#endif // FLUX_POLL_RING_POLLER_H
