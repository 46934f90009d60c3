/// interpose_semaphores.cpp - semaphores and barriers. A semaphore is libc's, taken by trying. At a barrier flows and
/// threads wait for each other, so it is kept here, in libc's object.
#include "core/os/real.h"
#include "posix/helpers.h"
#include "posix/interpose.h"
#include "posix/turns.h"

#include <string.h>

namespace flux {

void linkSemaphores() {}

namespace {

/// What of a semaphore says whether processes share it, as libc has it.
bool isShared(const sem_t &semaphore) {
  int isShared;
  memcpy(&isShared, semaphore.__size + sizeof(uint64_t), sizeof isShared);
  return isShared != 0;
}

int tryTake(sem_t *semaphore) {
  if (sem_trywait(semaphore) == 0)
    return 0;
  return errno == EAGAIN ? EBUSY : errno;
}

int take(sem_t *semaphore, clockid_t clock, const timespec *time) {
  const SavedErrno before;
  int result = tryTake(semaphore);
  if (result == EBUSY) {
    Turn turn = {semaphore};
    if (time && !findDeadline(clock, *time, turn.deadline))
      return asErrno(EINVAL);
    turn.isAnnounced = !isShared(*semaphore);
    turn.mayInterrupt = true;
    result = awaitTurn(turn, [=] { return tryTake(semaphore); });
  }
  return before.resultOf(asErrno(result));
}

/// libc's barrier, of which `arrived` counts here how many wait.
struct Barrier {
  uint32_t arrived;
  uint32_t round;
  uint32_t count;
  uint32_t isShared;
};
static_assert(sizeof(Barrier) <= sizeof(pthread_barrier_t) && alignof(Barrier) <= alignof(pthread_barrier_t));

int arrive(Barrier &barrier) {
  Waiting self(&barrier);
  if (self.scheduler)
    mayPark(); // Whether or not: keeping the thread would keep those from coming that it waits for.
  self.isFinal = true;
  Bucket &bucket = bucketOf(&barrier);
  {
    Woken woken;
    const HeldBucket held(bucket);
    if (++barrier.arrived == barrier.count) {
      barrier.arrived = 0;
      while (Waiting *each = findWaiting(bucket, &barrier, [](const Waiting &) { return true; }))
        woken.add(bucket, *each);
      return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    enqueue(bucket, self);
  }
  while (awaitWaking(self, kNever) != Outcome::Ready) {
    const HeldBucket held(bucket);
    enqueue(bucket, self);
  }
  return 0;
}

} // namespace
} // namespace flux

using namespace flux;

int sem_wait(sem_t *semaphore) {
  return Scheduler::current() ? take(semaphore, CLOCK_REALTIME, nullptr) : real::sem_wait(semaphore);
}

int sem_timedwait(sem_t *__restrict semaphore, const timespec *__restrict time) {
  return Scheduler::current() ? take(semaphore, CLOCK_REALTIME, time) : real::sem_timedwait(semaphore, time);
}

int sem_clockwait(sem_t *__restrict semaphore, clockid_t clock, const timespec *__restrict time) {
  return Scheduler::current() ? take(semaphore, clock, time) : real::sem_clockwait(semaphore, clock, time);
}

int sem_post(sem_t *semaphore) noexcept {
  const int result = real::sem_post(semaphore);
  // By address alone: who has taken it may have destroyed it.
  if (result == 0 && mayBeAwaited(semaphore, true))
    wake(semaphore, 1);
  return result;
}

int pthread_barrier_wait(pthread_barrier_t *object) noexcept {
  auto &barrier = *reinterpret_cast<Barrier *>(object);
  if (barrier.isShared)
    return lookupHelpers.make([=] { return real::pthread_barrier_wait(object); });
  return arrive(barrier);
}
