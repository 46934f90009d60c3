/// mutex_owner.h - who has a mutex of the program, as far as libc and those who lock it note it there.
#ifndef FLUX_CORE_OS_MUTEX_OWNER_H
#define FLUX_CORE_OS_MUTEX_OWNER_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

namespace flux {

/// Where the number of the fiber stands that has the mutex: 32 bits that libc uses for adaptive mutexes only, and for
/// normal ones with lock elision, which then tries that less or more often. Valid while a thread with fibers has it.
inline uint32_t &fiberOfMutex(pthread_mutex_t &mutex) {
  static_assert(offsetof(pthread_mutex_t, __data.__spins) % alignof(uint32_t) == 0);
  return *reinterpret_cast<uint32_t *>(&mutex.__data.__spins);
}

/// Who has it; 0 where that is nobody, or not known.
struct MutexOwner {
  int32_t thread;
  uint32_t fiber;
};

/// Looks at what may be a mutex at the address, and may be gone. Any thread.
MutexOwner findMutexOwner(uint64_t address);

} // namespace flux

#endif // FLUX_CORE_OS_MUTEX_OWNER_H
