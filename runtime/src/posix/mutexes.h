/// mutexes.h - mutexes, for what waits with one in hand.
#ifndef FLUX_POSIX_MUTEXES_H
#define FLUX_POSIX_MUTEXES_H

#include <errno.h>
#include <pthread.h>
#include <threads.h>

namespace flux {

/// pthread_mutex_lock() and pthread_mutex_unlock() as the program has them; `caller` is where it calls from.
int lockMutex(pthread_mutex_t *mutex, const void *caller);
int unlockMutex(pthread_mutex_t *mutex);

/// A C11 mutex is a mutex.
inline pthread_mutex_t *mutexOf(mtx_t *mutex) { return reinterpret_cast<pthread_mutex_t *>(mutex); }

/// What functions of C11 return for the error number of the one that does the same.
inline int asThreadsResult(int error) {
  switch (error) {
  case 0:
    return thrd_success;
  case ENOMEM:
    return thrd_nomem;
  case ETIMEDOUT:
    return thrd_timedout;
  case EBUSY:
    return thrd_busy;
  default:
    return thrd_error;
  }
}

} // namespace flux

#endif // FLUX_POSIX_MUTEXES_H
