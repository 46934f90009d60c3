/// reactor.h - what the jobs of one thread wait for outside of it: descriptors and time.
#ifndef FLUX_POLL_REACTOR_H
#define FLUX_POLL_REACTOR_H

#include "poll/descriptor_set.h"
#include "poll/generations.h"
#include "poll/poller.h"
#include "poll/timers.h"

#include <stddef.h>
#include <stdint.h>

namespace flux {

/// Why a wait is over.
enum class Outcome {
  Pending,     // it is not
  Ready,       // a descriptor has become ready
  Unwatchable, // nothing watches one of the descriptors: it is always ready, or the call will say what is wrong
  TimedOut,    // the deadline has come
  Interrupted, // the server stops, and a source has to return
  Closed,      // the number does not stand for the file any more that was waited for
  NoMemory     // there is none for the wait
};

/// What somebody waits for; his own, and on his stack mostly.
struct Wait {
  Outcome outcome = Outcome::Pending;
  Timer timer;
};

/// One descriptor that a wait includes; where the wait is.
struct DescriptorWait : DescriptorOf {
  uint32_t events = 0; // of epoll
  Wait *wait = nullptr;
  DescriptorWait *next = nullptr; // those for the same descriptor
};

/// The waits for descriptors, watched by a poller, and the timers. A wait may end for nothing; the
/// call that waited is tried again.
///
/// Used by its thread alone, but for open(), close(), poke() and closedElsewhere().
class Reactor {
public:
  /// What is done with a wait that is over.
  using Resume = void (*)(void *owner, Wait &wait);

  /// Opens the poller, which must live as long. False with errno set; close() is still to be called.
  bool open(Poller &poller, Resume resume, void *owner);
  void close();

  /// Makes the calling thread the one that waits here. Once, before anything below but poke(). False with errno set.
  bool attach();

  /// Adds the descriptors and the deadline to `wait`. If it returns false, the outcome is known at once and nothing was
  /// added.
  bool add(Wait &wait, DescriptorWait *descriptors, size_t count, uint64_t deadline);

  /// Takes out what add() has put in.
  void remove(Wait &wait, DescriptorWait *descriptors, size_t count);

  /// Ends a wait; the first to do so decides the outcome.
  void complete(Wait &wait, Outcome outcome);

  /// Ends all waits for a descriptor that is about to be closed.
  void closing(int fd);

  /// Has the waits ended for a descriptor that another thread is about to close or replace: those of generations before
  /// the one that it has begun. Any thread, also a signal handler; never blocks.
  void closedElsewhere(int fd);

  /// Completes what is ready or expired, having slept until there is something, poke(), or for `timeoutNs`.
  void poll(uint64_t timeoutNs);

  /// Makes poll() return, now or the next time. Any thread, also a signal handler; never blocks.
  void poke();

  /// The descriptors that the thread makes system calls on at the moment.
  UsedDescriptors used;

private:
  struct Descriptor {
    DescriptorWait *first;
    Watch watch;
  };

  bool growTo(int fd);
  Outcome arm(const DescriptorWait &wait);
  bool watchPokes();
  void takePokes();
  void dispatch(const Ready &ready);
  void endStale(int fd);
  void armAgain(int fd);
  void expire(uint64_t now);

  Resume resume = nullptr;
  void *owner = nullptr;
  Poller *poller = nullptr;
  int wakeDescriptor = -1;
  Watch wakeWatch = {};
  Descriptor *descriptors = nullptr;
  size_t numDescriptors = 0;
  Timers timers;

  DescriptorSet waitedFor; // those with a list of waits
  DescriptorSet closed;    // by other threads, while they were waited for
  std::atomic<bool> anyClosed{false};
};

} // namespace flux

#endif // FLUX_POLL_REACTOR_H
