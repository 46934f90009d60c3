/// poller.h - tells which descriptors are ready, and sleeps until one is: what a reactor asks of the system.
///
/// There are two, epoll and io_uring, and the server chooses one at its start (--flux-io). Both watch a descriptor for
/// one event at a time, when somebody waits: one that nobody waits for causes no wake-up. Both may report what is not
/// so; who waits tries its call again.
#ifndef FLUX_POLL_POLLER_H
#define FLUX_POLL_POLLER_H

#include "core/server/options.h"
#include "poll/epoll_poller.h"
#include "poll/ring_poller.h"

namespace flux {

/// What tells of ready descriptors.
enum class Io { Epoll, Ring };

/// What --flux-io says, an option of the models with event loops.
extern const char *ioAsked;
constexpr Option ioOption = {"io", "auto|epoll|io_uring", "what watches descriptors", nullptr, 0, 0, &ioAsked};

/// Does what --flux-io says: `io` becomes what the system lets this process use. False after a logged message.
bool chooseIo(Io &io);

/// One of the two. Used by its thread alone, but for open() and close().
class Poller {
public:
  /// Opens what the poller needs of the system. False with errno set; then close() is still to be called.
  bool open(Io which) {
    io = which;
    return io == Io::Ring ? ring.open() : epoll.open();
  }
  void close() { io == Io::Ring ? ring.close() : epoll.close(); }

  /// Makes the calling thread the one that the poller belongs to. Once, before everything below. False with errno set.
  bool attach() { return io == Io::Epoll || ring.attach(); }

  /// Watches the descriptor for one of `events`, instead of what it has been watched for.
  Arming arm(int fd, Watch &watch, uint32_t events) {
    return io == Io::Ring ? ring.arm(fd, watch, events) : epoll.arm(fd, watch, events);
  }

  /// Nobody waits for the descriptor any more.
  void disarm(int fd, Watch &watch) {
    if (io == Io::Ring)
      ring.disarm(fd, watch);
  }

  /// The descriptor is about to be closed. Afterwards nothing here keeps what is behind it open.
  void forget(int fd, Watch &watch) { io == Io::Ring ? ring.forget(fd, watch) : epoll.forget(fd, watch); }

  /// Sleeps until a descriptor is ready, a signal has come, or for `timeoutNs`, and fills in `ready`. Returns how many,
  /// at most `capacity`; a few of them may be out of date, which isCurrent() tells.
  int wait(Ready *ready, int capacity, uint64_t timeoutNs) {
    return io == Io::Ring ? ring.wait(ready, capacity, timeoutNs) : epoll.wait(ready, capacity, timeoutNs);
  }

private:
  Io io = Io::Epoll;
  EpollPoller epoll;
  RingPoller ring;
};

} // namespace flux

#endif // FLUX_POLL_POLLER_H
