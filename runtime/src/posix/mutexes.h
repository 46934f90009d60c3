/// mutexes.h - mutexes, for what waits with one in hand.
#ifndef FLUX_POSIX_MUTEXES_H
#define FLUX_POSIX_MUTEXES_H

#include <pthread.h>
#include <sys/types.h>

namespace flux {

/// pthread_mutex_lock() and pthread_mutex_unlock() as the program has them; `caller` is where it calls from.
int lockMutex(pthread_mutex_t *mutex, const void *caller);
int unlockMutex(pthread_mutex_t *mutex);

/// The calling thread, as libc's locks name it.
pid_t threadId();

} // namespace flux

#endif // FLUX_POSIX_MUTEXES_H
