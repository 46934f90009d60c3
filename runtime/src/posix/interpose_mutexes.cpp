/// interpose_mutexes.cpp - mutexes of all kinds, those of C11 included, and spin locks. A flow that has to wait for one
/// is parked until it is unlocked, whoever holds it: another flow of this loop or of another one, or a thread.
///
/// The mutex itself is libc's as ever, so that threads and flows take it by the same word. What libc cannot tell apart
/// are the flows of one loop, which are one thread to it: in a mutex that knows its owner, a recursive or an
/// error-checking one, the flow is noted beside the thread, in what libc leaves unused there.
#include "core/os/futex.h"
#include "core/os/mutex_owner.h"
#include "core/os/os_thread.h"
#include "core/os/real.h"
#include "core/os/sanitizers.h"
#include "posix/interpose.h"
#include "posix/mutexes.h"
#include "posix/turns.h"

#include <limits.h>

namespace flux {

void linkMutexes() {}

namespace {

/// The bits of a mutex's kind, as libc has them in every program that was ever linked with it.
enum : int { kTypeMask = 3, kRobust = 16, kShared = 128 };

/// The owner of a robust mutex that nobody can have any more.
constexpr int kLost = INT_MAX - 1;

int kindOf(const pthread_mutex_t &mutex) {
  // Relaxed: the type never changes, but libc sets other bits at its first use.
  return __atomic_load_n(&mutex.__data.__kind, __ATOMIC_RELAXED);
}

bool knowsOwner(int kind) {
  const int type = kind & kTypeMask;
  return type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK;
}

/// Whether the thread that asks is the one that holds the mutex, as libc itself knows it.
bool isHeldHere(const pthread_mutex_t &mutex) {
  // Relaxed: other values than this thread's own come and go.
  return __atomic_load_n(&mutex.__data.__owner, __ATOMIC_RELAXED) == threadId();
}

bool hasLocked(int result) { return result == 0 || result == EOWNERDEAD; }

/// The fiber that has a normal mutex is noted for the hang watch alone.
int tryNormal(const Fiber &fiber, pthread_mutex_t *mutex) {
  const int result = real::pthread_mutex_trylock(mutex);
  if (result == 0)
    noteFiberOfMutex(*mutex, fiber.id);
  return result;
}

/// pthread_mutex_trylock() for the flow that runs on the fiber.
int tryLock(const Fiber &fiber, pthread_mutex_t *mutex) {
  const int kind = kindOf(*mutex);
  if (kind == PTHREAD_MUTEX_NORMAL)
    return tryNormal(fiber, mutex);
  // libc's trylock would keep it locked.
  if ((kind & kRobust) && __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) == kLost)
    return ENOTRECOVERABLE;
  if (!knowsOwner(kind))
    return real::pthread_mutex_trylock(mutex);
  if (isHeldHere(*mutex) && fiberOfMutex(*mutex) != fiber.id)
    return EBUSY;
  const int result = real::pthread_mutex_trylock(mutex);
  if (hasLocked(result))
    noteFiberOfMutex(*mutex, fiber.id);
  return result;
}

/// Whether it is known that the flow itself has the mutex.
bool isOwn(const Fiber &fiber, pthread_mutex_t *mutex) {
  return knowsOwner(kindOf(*mutex)) && isHeldHere(*mutex) && fiberOfMutex(*mutex) == fiber.id;
}

/// Whether the caller is a library that brings its own allocator. One may wait for a lock with its thread's cache half
/// changed, and the next flow would find it so.
bool isAllocator([[maybe_unused]] const void *caller) {
#if defined(FLUX_ASAN) || defined(FLUX_TSAN)
  return false; // it is in the executable, but waits by other means
#else
  return real::isBesideMalloc(caller);
#endif
}

/// Tries for as long as most mutexes are held.
int tryForAMoment(const Fiber &fiber, pthread_mutex_t *mutex) {
  for (unsigned i = 0; i < spinBudget(); ++i) {
    cpuRelax();
    if (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) == 0) {
      const int result = tryLock(fiber, mutex);
      if (result != EBUSY)
        return result;
    }
  }
  return EBUSY;
}

/// lock() where the mutex is not to be had at once.
template <typename D, typename L>
[[gnu::noinline]] int lockLate(const Fiber &fiber, pthread_mutex_t *mutex, const void *caller, bool isFirst, D deadline,
                               L lockThread) {
  if (isOwn(fiber, mutex))
    return EDEADLK;
  if (isFirst && !isHeldHere(*mutex)) {
    const int result = tryForAMoment(fiber, mutex);
    if (result != EBUSY)
      return result;
    if (isAllocator(caller))
      return lockThread();
  }
  uint64_t until = kNever;
  if (!deadline(until))
    return EINVAL;
  Turn turn = {mutex};
  turn.isForMutex = true;
  turn.deadline = until;
  turn.isAnnounced = (kindOf(*mutex) & (kRobust | kShared)) == 0;
  const int result = awaitTurn(turn, [&] { return tryLock(fiber, mutex); });
  if (!hasLocked(result) && result != ETIMEDOUT)
    wake(mutex, 1); // a mutex that is lost is lost for all who wait
  return result;
}

/// What `lockThread` does for a thread, for a flow, until the deadline: kNever, or what deadline() says when it is
/// asked.
template <typename D, typename L>
int lock(const Fiber &fiber, pthread_mutex_t *mutex, const void *caller, D deadline, L lockThread) {
  const bool isFirst = !isOthersTurn(mutex, 0) || isOwn(fiber, mutex);
  const int result = isFirst ? tryLock(fiber, mutex) : EBUSY;
  return result != EBUSY ? result : lockLate(fiber, mutex, caller, isFirst, deadline, lockThread);
}

int lockUntil(pthread_mutex_t *mutex, clockid_t clock, const timespec *time, const void *caller) {
  const auto lockThread = [=] { return real::pthread_mutex_clocklock(mutex, clock, time); };
  const Fiber *fiber = Scheduler::currentFiber();
  if (!fiber || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME))
    return lockThread();
  return lock(*fiber, mutex, caller, [=](uint64_t &until) { return findDeadline(clock, *time, until); }, lockThread);
}

} // namespace

int lockMutex(pthread_mutex_t *mutex, const void *caller) {
  const Fiber *fiber = Scheduler::currentFiber();
  if (!fiber)
    return real::pthread_mutex_lock(mutex);
  return lock(*fiber, mutex, caller, [](uint64_t &) { return true; }, [=] { return real::pthread_mutex_lock(mutex); });
}

int unlockMutex(pthread_mutex_t *mutex) {
  if (knowsOwner(kindOf(*mutex)))
    if (const Fiber *fiber = Scheduler::currentFiber(); fiber && !isOwn(*fiber, mutex))
      return EPERM;
  const int result = real::pthread_mutex_unlock(mutex);
  // By address alone: once it is unlocked, another thread may lock the mutex and destroy it.
  if (result == 0 && mayBeAwaited(mutex, true))
    wake(mutex, 1);
  return result;
}

} // namespace flux

using namespace flux;

int pthread_mutex_lock(pthread_mutex_t *mutex) noexcept { return lockMutex(mutex, __builtin_return_address(0)); }

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const timespec *time) noexcept {
  return lockUntil(mutex, CLOCK_REALTIME, time, __builtin_return_address(0));
}

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const timespec *time) noexcept {
  return lockUntil(mutex, clock, time, __builtin_return_address(0));
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) noexcept {
  const Fiber *fiber = Scheduler::currentFiber();
  return fiber ? tryLock(*fiber, mutex) : real::pthread_mutex_trylock(mutex);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) noexcept { return unlockMutex(mutex); }

int mtx_lock(mtx_t *mutex) { return asThreadsResult(lockMutex(mutexOf(mutex), __builtin_return_address(0))); }

int mtx_timedlock(mtx_t *__restrict mutex, const timespec *__restrict time) {
  return asThreadsResult(lockUntil(mutexOf(mutex), CLOCK_REALTIME, time, __builtin_return_address(0)));
}

int mtx_trylock(mtx_t *mutex) { return asThreadsResult(pthread_mutex_trylock(mutexOf(mutex))); }

int mtx_unlock(mtx_t *mutex) { return asThreadsResult(unlockMutex(mutexOf(mutex))); }

// A spin lock is unlocked by a store alone, which tells nobody. Its holder goes on soon; if that is a flow that is
// parked, not so soon.
int pthread_spin_lock(pthread_spinlock_t *lock) noexcept {
  Scheduler *scheduler = Scheduler::current();
  if (!scheduler)
    return real::pthread_spin_lock(lock);
  constexpr uint64_t kShortestNs = 20000, kLongestNs = kNsPerMs;
  for (unsigned i = 0; i <= spinBudget(); ++i, cpuRelax())
    if (const int result = pthread_spin_trylock(lock); result != EBUSY)
      return result;
  mayPark();
  for (uint64_t pause = kShortestNs;; pause = pause < kLongestNs ? 2 * pause : pause) {
    scheduler->await(nullptr, 0, deadlineIn(pause));
    if (const int result = pthread_spin_trylock(lock); result != EBUSY)
      return result;
  }
}
