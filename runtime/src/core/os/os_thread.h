/// os_thread.h - threads of the operating system.
#ifndef FLUX_CORE_OS_OS_THREAD_H
#define FLUX_CORE_OS_OS_THREAD_H

#include "core/os/cpus.h"

#include <pthread.h>
#include <stdint.h>

namespace flux {

/// The stack of each thread in bytes; 0 leaves it to the system (`ulimit -s`).
extern int64_t threadStackSize;

/// Where threads run that are started without a word on it; null: where the thread runs that starts them.
extern const CpuSet *threadCpus;

/// Starts a thread that runs `body(argument)` on `cpus`. Returns 0 or an errno value, EAGAIN above all. Any thread.
int startThread(pthread_t &thread, void *(*body)(void *), void *argument, const CpuSet *cpus = nullptr);

} // namespace flux

#endif // FLUX_CORE_OS_OS_THREAD_H
