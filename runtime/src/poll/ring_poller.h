/// ring_poller.h - descriptors watched by requests in an io_uring.
#ifndef FLUX_POLL_RING_POLLER_H
#define FLUX_POLL_RING_POLLER_H

#include "poll/poller.h"
#include "poll/ring.h"

namespace flux {

/// A poll request in the ring for each descriptor that is waited for. Requests are handed over where the loop sleeps or
/// looks anyway, all of them by that one system call.
///
/// A request keeps the file behind its descriptor open. So it is taken back when nobody waits any more, and at once
/// when the descriptor is being closed.
class RingPoller final : public Poller {
public:
  bool open() override { return ring.open(); }
  void close() override { ring.close(); }
  bool attach() override { return ring.attach(); }
  Arming arm(int fd, Watch &watch, uint32_t events) override;
  void disarm(int fd, Watch &watch) override;
  void forget(int fd, Watch &watch) override;
  void forgetClosed(int fd, Watch &watch) override { forget(fd, watch); } // which names a request, not the number
  int wait(Ready *ready, int capacity, uint64_t timeoutNs) override;

private:
  Ring ring;
  bool takesBack = false; // what disarm() has asked for may not be handed over yet
};

} // namespace flux

#endif // FLUX_POLL_RING_POLLER_H
