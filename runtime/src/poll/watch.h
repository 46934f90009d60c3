/// watch.h - what a poller is asked about a descriptor, and what it answers.
#ifndef FLUX_POLL_WATCH_H
#define FLUX_POLL_WATCH_H

#include <errno.h>
#include <stdint.h>

namespace flux {

constexpr uint64_t kNever = UINT64_MAX;

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

} // namespace flux

#endif // FLUX_POLL_WATCH_H
