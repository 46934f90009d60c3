/// interpose_conditions.cpp - condition variables. Who waits for one, flow or thread, waits in the parking lot, so that
/// each signal reaches one of them and a thread that waits gives its mutex back in a way that flows learn of. The
/// object is not touched but for what its attributes say, so it may be destroyed as soon as everybody is woken.
///
/// One that processes share is libc's; a flow that waits for it looks again and again, which conditions allow.
#include "core/os/guarded_call.h"
#include "core/os/real.h"
#include "posix/interpose.h"
#include "posix/mutexes.h"
#include "posix/turns.h"

namespace flux {

void linkConditions() {}

namespace {

/// What the attributes of a condition leave in it, in every program that was ever linked with libc.
enum : unsigned { kShared = 1, kMonotonic = 2 };

unsigned attributesOf(const pthread_cond_t &condition) {
  return __atomic_load_n(&condition.__data.__wrefs, __ATOMIC_RELAXED);
}

/// A wait, with what has to be undone if the thread is cancelled.
struct ConditionWait {
  Waiting who;
  pthread_mutex_t *mutex;
  const void *caller;
  uint64_t deadline;
  Outcome outcome = Outcome::Pending;
};

void await(void *argument) {
  auto &wait = *static_cast<ConditionWait *>(argument);
  wait.outcome = awaitWaking(wait.who, wait.deadline);
}

/// The thread has been cancelled: what it has been woken for is somebody else's, and the mutex is its again while it
/// cleans up.
void cancel(void *argument) {
  auto &wait = *static_cast<ConditionWait *>(argument);
  bool wasWoken;
  Bucket &bucket = bucketOf(wait.who.address);
  {
    const HeldBucket held(bucket);
    wasWoken = wait.who.isWoken;
    if (!wasWoken)
      dequeue(bucket, wait.who);
  }
  if (wasWoken)
    wake(wait.who.address, 1);
  lockMutex(wait.mutex, wait.caller);
}

/// Waits until the condition is signalled or the deadline. Returns 0, ETIMEDOUT, or why the mutex could not be given
/// back or had.
int waitUntil(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t deadline, const void *caller) {
  const bool isShared = (attributesOf(*condition) & kShared) != 0;
  const uint64_t look = isShared ? deadlineIn(kLookNs) : kNever;
  ConditionWait wait = {Waiting(condition), mutex, caller, look < deadline ? look : deadline};
  if (wait.who.scheduler)
    mayPark(); // Whether or not: keeping the thread would keep those from going on that signal.
  {
    Bucket &bucket = bucketOf(condition);
    const HeldBucket held(bucket);
    enqueue(bucket, wait.who);
  }
  if (const int error = unlockMutex(mutex)) {
    stopWaiting(wait.who);
    return error;
  }
  flux_call_guarded(await, cancel, &wait);
  const bool isOver = wait.outcome == Outcome::TimedOut && deadline != kNever && nowNs() >= deadline;
  const int error = lockMutex(mutex, caller);
  return error == 0 && isOver ? ETIMEDOUT : error;
}

int waitUntil(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const timespec *time,
              const void *caller) {
  uint64_t deadline;
  return findDeadline(clock, *time, deadline) ? waitUntil(condition, mutex, deadline, caller) : EINVAL;
}

/// Whether it is libc that has to wait: a thread, for what processes share.
bool isForLibc(const pthread_cond_t &condition) {
  return (attributesOf(condition) & kShared) != 0 && !Scheduler::current();
}

int signal(pthread_cond_t *condition, uint64_t most, decltype(&pthread_cond_signal) signalShared) {
  if (attributesOf(*condition) & kShared)
    return signalShared(condition);
  if (mayBeAwaited(condition, false))
    wake(condition, most);
  return 0;
}

clockid_t clockOf(const pthread_cond_t &condition) {
  return attributesOf(condition) & kMonotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

pthread_cond_t *conditionOf(cnd_t *condition) { return reinterpret_cast<pthread_cond_t *>(condition); }

} // namespace
} // namespace flux

using namespace flux;

int pthread_cond_wait(pthread_cond_t *__restrict condition, pthread_mutex_t *__restrict mutex) {
  return isForLibc(*condition) ? real::pthread_cond_wait(condition, mutex)
                               : waitUntil(condition, mutex, kNever, __builtin_return_address(0));
}

int pthread_cond_timedwait(pthread_cond_t *__restrict condition, pthread_mutex_t *__restrict mutex,
                           const timespec *__restrict time) {
  return isForLibc(*condition) ? real::pthread_cond_timedwait(condition, mutex, time)
                               : waitUntil(condition, mutex, clockOf(*condition), time, __builtin_return_address(0));
}

int pthread_cond_clockwait(pthread_cond_t *__restrict condition, pthread_mutex_t *__restrict mutex, clockid_t clock,
                           const timespec *__restrict time) {
  return isForLibc(*condition) ? real::pthread_cond_clockwait(condition, mutex, clock, time)
                               : waitUntil(condition, mutex, clock, time, __builtin_return_address(0));
}

int pthread_cond_signal(pthread_cond_t *condition) noexcept {
  return flux::signal(condition, 1, real::pthread_cond_signal);
}

int pthread_cond_broadcast(pthread_cond_t *condition) noexcept {
  return flux::signal(condition, kEverybody, real::pthread_cond_broadcast);
}

int cnd_wait(cnd_t *condition, mtx_t *mutex) {
  return asThreadsResult(pthread_cond_wait(conditionOf(condition), mutexOf(mutex)));
}

int cnd_timedwait(cnd_t *__restrict condition, mtx_t *__restrict mutex, const timespec *__restrict time) {
  return asThreadsResult(pthread_cond_timedwait(conditionOf(condition), mutexOf(mutex), time));
}

int cnd_signal(cnd_t *condition) { return asThreadsResult(pthread_cond_signal(conditionOf(condition))); }

int cnd_broadcast(cnd_t *condition) { return asThreadsResult(pthread_cond_broadcast(conditionOf(condition))); }
