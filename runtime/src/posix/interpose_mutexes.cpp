/// interpose_mutexes.cpp - mutexes that a job holds while it is blocked. All jobs of a loop are one thread, so that
/// another one that wants the mutex would wait for itself: it is blocked as a job instead, until the mutex is unlocked.
///
/// For a mutex that another thread holds the loop waits as it always did: it is not for long, and who calls may be in
/// the middle of something that belongs to the thread, such as an allocator's cache.
#include "core/os/real.h"
#include "fiber/scheduler.h"
#include "posix/interpose.h"
#include "posix/parking.h"

#include <errno.h>

namespace flux {

void linkMutexes() {}

namespace {

/// A job that waits; on its stack.
struct MutexWait {
  pthread_mutex_t *mutex;
  Fiber *fiber;
  MutexWait *next;
};

/// The jobs of this thread that wait, in the order in which they began to.
thread_local MutexWait *waiting = nullptr;

/// Whether the thread that asks is the one that holds the mutex, as libc itself knows it.
bool isHeldHere(const pthread_mutex_t &mutex) {
  static thread_local const pid_t self = gettid();
  // Relaxed: other values than this thread's own come and go.
  return __atomic_load_n(&mutex.__data.__owner, __ATOMIC_RELAXED) == self;
}

/// An error-checking mutex, and the job that has locked it: libc knows the thread, which is the same for all jobs.
struct Owned {
  const pthread_mutex_t *mutex;
  const Fiber *owner;
};

/// Those of this thread. One that finds no room waits for itself when its job locks it twice, as a normal mutex does:
/// whoever calls may be an allocator, so there is none to be asked for more.
constexpr size_t kMostOwned = 64;
thread_local Owned owned[kMostOwned];
thread_local size_t numOwned = 0;

Owned *findOwned(const pthread_mutex_t *mutex) {
  for (size_t i = 0; i < numOwned; ++i)
    if (owned[i].mutex == mutex)
      return &owned[i];
  return nullptr;
}

bool checksErrors(const pthread_mutex_t &mutex) {
  constexpr int kTypeMask = 3;
  // Relaxed: the type never changes, but libc sets other bits at its first use.
  return (__atomic_load_n(&mutex.__data.__kind, __ATOMIC_RELAXED) & kTypeMask) == PTHREAD_MUTEX_ERRORCHECK;
}

void noteLocked(Scheduler &scheduler, const pthread_mutex_t *mutex) {
  if (!checksErrors(*mutex))
    return;
  if (Owned *known = findOwned(mutex))
    known->owner = &scheduler.fiber(); // The mutex before it at this place was destroyed while locked.
  else if (numOwned < kMostOwned)
    owned[numOwned++] = {mutex, &scheduler.fiber()};
}

/// By address alone: once it is unlocked, another thread may lock the mutex and destroy it.
void noteUnlocked(const pthread_mutex_t *mutex) {
  if (Owned *known = findOwned(mutex))
    *known = owned[--numOwned];
}

/// Whether it is known that the running job itself holds the mutex.
bool isOwn(Scheduler &scheduler, const pthread_mutex_t *mutex) {
  const Owned *known = findOwned(mutex);
  return known && known->owner == &scheduler.fiber();
}

void awaitUnlock(Scheduler &scheduler, pthread_mutex_t *mutex) {
  mayPark(); // Whether or not: keeping the thread would keep its holder from unlocking it.
  MutexWait wait = {mutex, &scheduler.fiber(), nullptr};
  MutexWait **last = &waiting;
  while (*last)
    last = &(*last)->next;
  *last = &wait;
  scheduler.suspend();
}

/// Lets the first job that waits for the mutex try again.
void wakeFirst(Scheduler &scheduler, pthread_mutex_t *mutex) {
  for (MutexWait **link = &waiting; *link; link = &(*link)->next) {
    MutexWait &wait = **link;
    if (wait.mutex != mutex)
      continue;
    *link = wait.next;
    scheduler.resume(*wait.fiber);
    return;
  }
}

} // namespace
} // namespace flux

using namespace flux;

int pthread_mutex_lock(pthread_mutex_t *mutex) noexcept {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::pthread_mutex_lock(mutex);
  for (;;) {
    int result = pthread_mutex_trylock(mutex);
    if (result == EBUSY && !isHeldHere(*mutex))
      result = real::pthread_mutex_lock(mutex);
    if (result == 0)
      noteLocked(*scheduler, mutex);
    if (result != EBUSY)
      return result;
    if (isOwn(*scheduler, mutex))
      return EDEADLK;
    awaitUnlock(*scheduler, mutex);
  }
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) noexcept {
  const int result = real::pthread_mutex_unlock(mutex);
  if (result != 0)
    return result;
  noteUnlocked(mutex);
  if (waiting)
    if (Scheduler *scheduler = Scheduler::current())
      wakeFirst(*scheduler, mutex);
  return 0;
}
