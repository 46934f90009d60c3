/// poller.h - tells which descriptors are ready, and sleeps until one is: what a reactor asks of the system.
#ifndef FLUX_POLL_POLLER_H
#define FLUX_POLL_POLLER_H

#include "core/os/clock.h"

#include <errno.h>
#include <stdint.h>

namespace flux {

/// What a poller keeps for each descriptor; zero at first.
struct Watch {
  bool armed;          // watched until the next event
  bool known;          // epoll has it, as far as we know
  bool halfClosed;     // the last answer said so: the other side sends nothing more
  uint32_t generation; // of the ring's requests: answers to older ones are out of date
};

/// An answer. What the poller cannot watch is `failed`, with an error instead of events.
struct Ready {
  int fd;
  uint32_t generation; // of the watch; another one than it has now: out of date
  uint32_t events;     // of epoll
  int failed;          // an errno value, or 0
  bool staysArmed;     // more answers may come without being asked for
};

/// What came of beginning to watch, at once or by a failed answer.
enum class Arming {
  Armed,
  Unwatchable, // the system does not take the descriptor
  NoMemory
};

inline Arming armingOf(int error) {
  return error == ENOMEM || error == ENOSPC ? Arming::NoMemory : Arming::Unwatchable;
}

/// What watches descriptors. It watches one for one event at a time, when somebody waits: one that nobody waits for
/// causes no wake-up. It may report what is not so; the call that waited is tried again.
///
/// Used by its thread alone, but for open() and close(). Which pollers there are stands in poller_choice.h.
class Poller {
public:
  Poller(const Poller &) = delete;
  Poller &operator=(const Poller &) = delete;

  /// Opens what the poller needs of the system. False with errno set; then close() is still to be called.
  virtual bool open() = 0;
  virtual void close() = 0;

  /// Makes the calling thread the one that the poller belongs to. Once, before everything below. False with errno set.
  virtual bool attach() { return true; }

  /// Watches the descriptor for one of `events`, instead of what it has been watched for.
  virtual Arming arm(int fd, Watch &watch, uint32_t events) = 0;

  /// Nobody waits for the descriptor any more.
  virtual void disarm(int, Watch &) {}

  /// The descriptor is about to be closed. Afterwards nothing here keeps what is behind it open.
  virtual void forget(int fd, Watch &watch) = 0;

  /// Another thread is closing the descriptor, or has: the same, without a system call on the number.
  virtual void forgetClosed(int fd, Watch &watch) = 0;

  /// Sleeps until a descriptor is ready, a signal has come, or for `timeoutNs`, and fills in `ready`. Returns how many,
  /// at most `capacity`; a few of them may be out of date, which their generation tells.
  virtual int wait(Ready *ready, int capacity, uint64_t timeoutNs) = 0;

protected:
  Poller() = default;
  ~Poller() = default;
};

} // namespace flux

#endif // FLUX_POLL_POLLER_H
