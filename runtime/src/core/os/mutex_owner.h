/// mutex_owner.h - who has a mutex of the program, as far as libc and those who lock it note it there.
#ifndef FLUX_CORE_OS_MUTEX_OWNER_H
#define FLUX_CORE_OS_MUTEX_OWNER_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace flux {

// The number of the fiber that has a mutex stands in 32 bits that libc uses for adaptive mutexes only, and for normal
// ones with lock elision, which then tries that less or more often. Where libc has two short numbers there, those bytes
// are copied.
inline constexpr size_t kFiberInMutex = offsetof(pthread_mutex_t, __data.__spins);

/// The fiber that was noted last. Valid while a thread with fibers has the mutex.
inline uint32_t fiberOfMutex(const pthread_mutex_t &mutex) {
  uint32_t fiber;
  memcpy(&fiber, reinterpret_cast<const char *>(&mutex) + kFiberInMutex, sizeof fiber);
  return fiber;
}

/// Notes the fiber that has the mutex, on a thread that has it.
inline void noteFiberOfMutex(pthread_mutex_t &mutex, uint32_t fiber) {
  memcpy(reinterpret_cast<char *>(&mutex) + kFiberInMutex, &fiber, sizeof fiber);
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
