/// os_thread.h - threads of the operating system.
#ifndef FLUX_CORE_OS_OS_THREAD_H
#define FLUX_CORE_OS_OS_THREAD_H

#include "core/os/cpus.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

namespace flux {

/// The stack of each thread in bytes; 0 leaves it to the system (`ulimit -s`).
extern int64_t threadStackSize;

/// Where threads run that are started without a word on it; null: where the thread runs that starts them.
extern const CpuSet *threadCpus;

/// Starts a thread, with a stack for signal handlers beside its own, that runs `body(argument)` on `cpus`. Returns 0 or
/// an errno value, EAGAIN above all. Any thread.
int startThread(pthread_t &thread, void *(*body)(void *), void *argument, const CpuSet *cpus = nullptr);

/// The number of the calling thread that the system knows it by, and libc's locks. Any thread.
pid_t threadId();

/// A stack: below `lowest` is what guards it.
struct OwnStack {
  const void *lowest = nullptr; // null: not known
  size_t size = 0;
};

/// The calling thread's own, if startThread() has started it. Any thread, also a signal handler.
const OwnStack &threadStack();

/// How many threads run that were started so. Any thread.
uint64_t numRuntimeThreads();

} // namespace flux

#endif // FLUX_CORE_OS_OS_THREAD_H
