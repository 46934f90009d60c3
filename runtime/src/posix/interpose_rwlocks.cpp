/// interpose_rwlocks.cpp - reader-writer locks. They are libc's, taken by trying; a flow that has to wait is parked.
/// Which flow of a loop writes is noted where libc has an unused word, as it notes the thread.
#include "core/os/os_thread.h"
#include "core/os/real.h"
#include "posix/interpose.h"
#include "posix/mutexes.h"
#include "posix/turns.h"

namespace flux {

void linkRwlocks() {}

namespace {

enum : uint32_t { kReader, kWriter };

/// The fiber that writes. Valid while the thread is the one that does.
uint32_t &writerOf(pthread_rwlock_t &lock) { return lock.__data.__pad3; }

bool isWriter(const Fiber &fiber, pthread_rwlock_t &lock) {
  return __atomic_load_n(&lock.__data.__cur_writer, __ATOMIC_RELAXED) == threadId() && writerOf(lock) == fiber.id;
}

/// Whether readers wait for writers that wait.
bool prefersWriters(const pthread_rwlock_t &lock) {
  return lock.__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

bool hasWaitingWriter(const pthread_rwlock_t *lock) {
  return isAwaited(lock, [](const Waiting &who) { return who.kind == kWriter; });
}

int tryRead(const Fiber &fiber, pthread_rwlock_t *lock) {
  if (isWriter(fiber, *lock))
    return EDEADLK;
  return pthread_rwlock_tryrdlock(lock);
}

int tryWrite(const Fiber &fiber, pthread_rwlock_t *lock) {
  if (isWriter(fiber, *lock))
    return EDEADLK;
  const int result = real::pthread_rwlock_trywrlock(lock);
  if (result == 0)
    writerOf(*lock) = fiber.id;
  return result;
}

int lockUntil(Scheduler &scheduler, pthread_rwlock_t *lock, uint32_t kind, clockid_t clock, const timespec *time) {
  const Fiber &fiber = scheduler.fiber();
  const auto attempt = [&] {
    if (kind == kWriter)
      return tryWrite(fiber, lock);
    return prefersWriters(*lock) && hasWaitingWriter(lock) ? EBUSY : tryRead(fiber, lock);
  };
  int result = kind == kWriter && isOthersTurn(lock, kWriter) ? EBUSY : attempt();
  if (result != EBUSY)
    return result;
  Turn turn = {lock, kind};
  if (time && !findDeadline(clock, *time, turn.deadline))
    return EINVAL;
  turn.isAnnounced = lock->__data.__shared == 0;
  result = awaitTurn(turn, attempt);
  if (result == ETIMEDOUT && kind == kWriter && prefersWriters(*lock))
    wake(lock, kEverybody); // readers may have waited for this one alone
  return result;
}

} // namespace
} // namespace flux

using namespace flux;

int pthread_rwlock_rdlock(pthread_rwlock_t *lock) noexcept {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? lockUntil(*scheduler, lock, kReader, CLOCK_REALTIME, nullptr) : real::pthread_rwlock_rdlock(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock) noexcept {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? lockUntil(*scheduler, lock, kWriter, CLOCK_REALTIME, nullptr) : real::pthread_rwlock_wrlock(lock);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *__restrict lock, const timespec *__restrict time) noexcept {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? lockUntil(*scheduler, lock, kReader, CLOCK_REALTIME, time)
                   : real::pthread_rwlock_timedrdlock(lock, time);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *__restrict lock, const timespec *__restrict time) noexcept {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? lockUntil(*scheduler, lock, kWriter, CLOCK_REALTIME, time)
                   : real::pthread_rwlock_timedwrlock(lock, time);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *__restrict lock, clockid_t clock,
                               const timespec *__restrict time) noexcept {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? lockUntil(*scheduler, lock, kReader, clock, time)
                   : real::pthread_rwlock_clockrdlock(lock, clock, time);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *__restrict lock, clockid_t clock,
                               const timespec *__restrict time) noexcept {
  Scheduler *scheduler = Scheduler::current();
  return scheduler ? lockUntil(*scheduler, lock, kWriter, clock, time)
                   : real::pthread_rwlock_clockwrlock(lock, clock, time);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) noexcept {
  const int result = real::pthread_rwlock_trywrlock(lock);
  if (result == 0)
    if (Scheduler *scheduler = Scheduler::current())
      writerOf(*lock) = scheduler->fiber().id;
  return result;
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock) noexcept {
  const int result = real::pthread_rwlock_unlock(lock);
  if (result == 0 && mayBeAwaited(lock, true)) {
    // All readers may read at once, where the writer does not come first.
    bool isFirst = true;
    wake(lock, kEverybody, [&](const Waiting &who) {
      if (who.kind == kReader)
        return true;
      const bool isMeant = isFirst;
      isFirst = false;
      return isMeant;
    });
  }
  return result;
}
