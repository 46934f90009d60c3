#include "models/process/shared_lock.h"

#include "core/os/cache_line.h"
#include "core/os/clock.h"
#include "core/os/futex.h"

#include <errno.h>
#include <new>

namespace flux {

size_t SharedLock::size(uint32_t numPlaces) { return roundUp(sizeof(SharedLock) + numPlaces * sizeof(Place)); }

SharedLock *SharedLock::create(void *memory, uint32_t numPlaces) {
  auto *lock = static_cast<SharedLock *>(memory);
  lock->numPlaces = numPlaces;
  pthread_mutexattr_t attributes;
  if (pthread_mutexattr_init(&attributes) != 0)
    return nullptr;
  const bool made = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0 &&
                    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0 &&
                    pthread_mutex_init(&lock->mutex, &attributes) == 0;
  pthread_mutexattr_destroy(&attributes);
  return made ? lock : nullptr;
}

void SharedLock::lock() {
  // What the dead owner has left is in order: see the class.
  if (pthread_mutex_lock(&mutex) == EOWNERDEAD)
    pthread_mutex_consistent(&mutex);
}

void SharedLock::unlock() { pthread_mutex_unlock(&mutex); }

/// Looks at all places. Under the mutex, and relaxed because of it.
SharedLock::Front SharedLock::front(int64_t session) const {
  Front front = {UINT64_MAX, UINT64_MAX};
  const Place *const end = places() + numPlaces;
  for (const Place *place = places(); place < end; ++place) {
    const uint64_t ticket = place->ticket.load(std::memory_order_relaxed);
    if (ticket == 0 || place->session.load(std::memory_order_relaxed) != session)
      continue;
    if (ticket < front.oldest)
      front.oldest = ticket;
    if (place->mode == FLUX_IR_WRITE && ticket < front.oldestWriter)
      front.oldestWriter = ticket;
  }
  return front;
}

bool SharedLock::holds(const Place &place, const Front &front) {
  const uint64_t ticket = place.ticket.load(std::memory_order_relaxed);
  return place.mode == FLUX_IR_WRITE ? ticket == front.oldest : ticket < front.oldestWriter;
}

uint64_t SharedLock::acquire(uint32_t place, int64_t session, flux_ir_mode mode) {
  Place &mine = places()[place];
  lock();
  mine.session.store(session, std::memory_order_relaxed);
  mine.mode = mode;
  mine.awake.store(1, std::memory_order_relaxed);
  // Release: last, so that a place with a ticket is complete, whenever its owner dies.
  mine.ticket.store(++lastTicket, std::memory_order_release);
  const uint64_t waited = holds(mine, front(session)) ? 0 : wait(mine);
  unlock();
  return waited;
}

/// Waits until the place holds the lock. The mutex is held before and after.
uint64_t SharedLock::wait(Place &mine) {
  const uint64_t start = nowNs();
  const int64_t session = mine.session.load(std::memory_order_relaxed);
  do {
    mine.awake.store(0, std::memory_order_relaxed);
    unlock();
    spinWhile(mine.awake, 0);
    // Relaxed: the mutex, taken next, orders what the wake-up is about.
    while (mine.awake.load(std::memory_order_relaxed) == 0)
      futexWait(mine.awake, 0, FutexScope::Shared);
    lock();
  } while (!holds(mine, front(session)));
  return nowNs() - start + 1;
}

void SharedLock::release(uint32_t place) {
  lock();
  const int64_t session = places()[place].session.load(std::memory_order_relaxed);
  places()[place].ticket.store(0, std::memory_order_release);
  const Front now = front(session);
  // Wakes under the mutex. To do so behind it would save the woken a wait for it, but needs a list of them.
  for (Place *other = places(); other < places() + numPlaces; ++other) {
    if (other->awake.load(std::memory_order_relaxed) != 0 || other->ticket.load(std::memory_order_relaxed) == 0 ||
        other->session.load(std::memory_order_relaxed) != session || !holds(*other, now))
      continue;
    other->awake.store(1, std::memory_order_relaxed);
    futexWakeOne(&other->awake, FutexScope::Shared);
  }
  unlock();
}

bool SharedLock::evict(uint32_t first, uint32_t count, uint64_t timeoutNs) {
  const timespec until = toTimespec(nowNs() + timeoutNs);
  const int error = pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &until);
  if (error == EOWNERDEAD)
    pthread_mutex_consistent(&mutex);
  else if (error != 0)
    return false;
  for (uint32_t i = first; i < first + count; ++i)
    places()[i].ticket.store(0, std::memory_order_release);
  // The dead may have marked others as awake without having woken them.
  for (Place *place = places(); place < places() + numPlaces; ++place) {
    place->awake.store(1, std::memory_order_relaxed);
    futexWakeOne(&place->awake, FutexScope::Shared);
  }
  unlock();
  // An unlock wakes one of those that wait for the mutex. If that one died before it could say that others wait, while
  // somebody else had the mutex already, nobody would ever wake them.
  wakeAllOfMutex(mutex, FutexScope::Shared);
  return true;
}

uint64_t SharedLock::liveSessions() const {
  uint64_t live = 0;
  // Each session counts at its first place.
  for (uint32_t i = 0; i < numPlaces; ++i) {
    if (!asks(i))
      continue;
    const int64_t session = places()[i].session.load(std::memory_order_relaxed);
    bool first = true;
    for (uint32_t j = 0; j < i && first; ++j)
      first = !asks(j) || places()[j].session.load(std::memory_order_relaxed) != session;
    live += first;
  }
  return live;
}

} // namespace flux
