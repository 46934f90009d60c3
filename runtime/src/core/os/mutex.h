/// mutex.h - pthread's mutex and condition as annotated classes.
///
/// They guard the runtime's own short critical sections, never a flow's constraint (that is lock.h). A thread holds
/// at most one of them at a time, but for the two of the list of contexts (context.cpp), so they need no order among
/// each other. Who waits for one blocks the thread, also in a job of an event loop: they are libc's own, not those that
/// posix/ defines for the program.
#ifndef FLUX_CORE_OS_MUTEX_H
#define FLUX_CORE_OS_MUTEX_H

#include "core/os/annotations.h"
#include "core/os/clock.h"
#include "core/os/real.h"

#include <errno.h>

namespace flux {

class FLUX_CAPABILITY("mutex") Mutex {
public:
  Mutex() = default;
  Mutex(const Mutex &) = delete;
  Mutex &operator=(const Mutex &) = delete;

  void lock() FLUX_ACQUIRE() { real::pthread_mutex_lock(&mutex); }
  void unlock() FLUX_RELEASE() { real::pthread_mutex_unlock(&mutex); }

private:
  friend class Condition;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};

class FLUX_SCOPED_CAPABILITY MutexLock {
public:
  explicit MutexLock(Mutex &mutex) FLUX_ACQUIRE(mutex) : mutex(mutex) { mutex.lock(); }
  ~MutexLock() FLUX_RELEASE() { mutex.unlock(); }
  MutexLock(const MutexLock &) = delete;
  MutexLock &operator=(const MutexLock &) = delete;

private:
  Mutex &mutex;
};

class Condition {
public:
  Condition() = default;
  Condition(const Condition &) = delete;
  Condition &operator=(const Condition &) = delete;

  void wait(Mutex &mutex) FLUX_REQUIRES(mutex) { real::pthread_cond_wait(&condition, &mutex.mutex); }
  void notifyAll() { real::pthread_cond_broadcast(&condition); }
  void notifyOne() { real::pthread_cond_signal(&condition); }

  /// Waits until notified or until `ns` nanoseconds have passed; returns false then.
  bool waitFor(Mutex &mutex, uint64_t ns) FLUX_REQUIRES(mutex) {
    timespec until = toTimespec(nowNs() + ns);
    return real::pthread_cond_clockwait(&condition, &mutex.mutex, CLOCK_MONOTONIC, &until) != ETIMEDOUT;
  }

private:
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
};

} // namespace flux

#endif // FLUX_CORE_OS_MUTEX_H
