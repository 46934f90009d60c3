#include "core/os/mutex_owner.h"

#include <sys/uio.h>
#include <unistd.h>

namespace flux {

MutexOwner findMutexOwner(uint64_t address) {
  // The kind of a mutex, as libc has it in every program that was ever linked with it.
  constexpr int kTypeMask = 3, kRobust = 16, kPriority = 32 | 64, kShared = 128;
  pthread_mutex_t mutex = {};
  iovec here = {&mutex, sizeof mutex};
  // A number from the kernel, or from a note. NOLINTNEXTLINE(performance-no-int-to-ptr)
  iovec there = {reinterpret_cast<void *>(address), sizeof mutex};
  if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != sizeof mutex || mutex.__data.__lock == 0 ||
      mutex.__data.__owner <= 0)
    return {};
  const int kind = mutex.__data.__kind;
  const bool notesFiber = (kind & kTypeMask) != PTHREAD_MUTEX_ADAPTIVE_NP && !(kind & (kRobust | kPriority | kShared));
  return {mutex.__data.__owner, notesFiber ? fiberOfMutex(mutex) : 0};
}

} // namespace flux
