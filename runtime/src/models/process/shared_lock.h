/// shared_lock.h - the reader-writer lock behind a constraint between processes, any of which may be killed at any
/// instant.
#ifndef FLUX_MODELS_PROCESS_SHARED_LOCK_H
#define FLUX_MODELS_PROCESS_SHARED_LOCK_H

#include "flux/rt/context.h"

#include <atomic>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

namespace flux {

/// One lock of the program with all its sessions (a lock without sessions has one, 0), in memory that processes share.
/// It is as fair as core/locks/lock.h: FIFO; a waiting writer holds back later readers, a waiting reader is passed by
/// no later writer.
///
/// Every worker that may take it has a place in it. Asking for the lock writes down in the place what is asked for,
/// with the next number of one series, the ticket; giving it back clears the ticket. That is the whole state. The
/// holder of the lock is not stored but follows from it:
///
///   a writer holds the lock of its session when its ticket is the oldest of the session
///   a reader holds it when its ticket is older than that of every writer of the session
///
/// Tickets older than mine only ever go, so that a holder of the lock stays one until it gives it back. (This is
/// Lamport's bakery, with a mutex for its doorway.)
///
/// Why it survives kill -9: places change under a robust mutex, and each change is one store, of a ticket. So whoever
/// finds the mutex's owner dead finds nothing half done, and has nothing to repair. All that a death can leave behind
/// is the dead's own tickets, and others asleep whom it was about to wake: evict(), called by the supervisor for every
/// death, clears the tickets and wakes everybody, and whoever is woken looks for himself.
///
/// It costs a look at every place, of which there are as many as flows run at once: with a process for each they are
/// few. Memory is bounded by the same number, however many sessions there are.
class SharedLock {
public:
  /// The bytes of a lock with so many places, and making one of zeroed shared memory, aligned to 64 bytes. Null when
  /// the system refuses such mutexes.
  static size_t size(uint32_t numPlaces);
  static SharedLock *create(void *memory, uint32_t numPlaces);

  /// Takes the lock of `session` for the flow at `place`, which has none in this lock, and blocks its thread while
  /// others stand in the way. Returns the nanoseconds waited, 0 only if it did not have to.
  uint64_t acquire(uint32_t place, int64_t session, flux_ir_mode mode);

  /// Gives the lock back that the flow at `place` holds. Never blocks for long.
  void release(uint32_t place);

  /// Takes everything from `count` places, whose users are dead, and wakes whoever may have missed a wake-up. False if
  /// a process keeps the mutex for longer than `timeoutNs` (it may have been stopped): to be tried again.
  bool evict(uint32_t first, uint32_t count, uint64_t timeoutNs);

  /// Returns whether the flow at `place` holds or awaits the lock. It looks without taking the mutex.
  bool asks(uint32_t place) const { return places()[place].ticket.load(std::memory_order_acquire) != 0; }

  /// Returns how many sessions are held or awaited, more or less: it takes no mutex either.
  uint64_t liveSessions() const;

private:
  /// Atomic for liveSessions(), and `ticket` because it publishes the rest; all are written under the mutex.
  struct Place {
    std::atomic<uint64_t> ticket; // 0: asks for nothing
    std::atomic<int64_t> session;
    flux_ir_mode mode;
    std::atomic<uint32_t> awake; // 0: about to sleep, or asleep on this word
  };

  /// The tickets that decide about one session.
  struct Front {
    uint64_t oldest;
    uint64_t oldestWriter;
  };

  void lock();
  void unlock();
  Front front(int64_t session) const;
  static bool holds(const Place &place, const Front &front);
  uint64_t wait(Place &mine);
  Place *places() { return reinterpret_cast<Place *>(this + 1); }
  const Place *places() const { return reinterpret_cast<const Place *>(this + 1); }

  alignas(64) pthread_mutex_t mutex;
  uint64_t lastTicket; // under the mutex
  uint32_t numPlaces;
};

} // namespace flux

#endif // FLUX_MODELS_PROCESS_SHARED_LOCK_H
