/// epoll_poller.h - descriptors watched by epoll.
#ifndef FLUX_POLL_EPOLL_POLLER_H
#define FLUX_POLL_EPOLL_POLLER_H

#include "poll/poller.h"

namespace flux {

/// An epoll instance, with EPOLLONESHOT. A descriptor that has been closed and opened again behind its back is merely
/// added anew, and one that is left armed does no harm.
class EpollPoller final : public Poller {
public:
  bool open() override;
  void close() override;
  Arming arm(int fd, Watch &watch, uint32_t events) override;
  void forget(int fd, Watch &watch) override;
  void forgetClosed(int fd, Watch &watch) override;
  int wait(Ready *ready, int capacity, uint64_t timeoutNs) override;

private:
  int epoll = -1;
};

} // namespace flux

#endif // FLUX_POLL_EPOLL_POLLER_H
