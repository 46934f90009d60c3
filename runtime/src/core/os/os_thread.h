/// os_thread.h - what the models whose flows run on OS threads have in common.
#ifndef FLUX_CORE_OS_OS_THREAD_H
#define FLUX_CORE_OS_OS_THREAD_H

#include "core/model.h"
#include "core/os/cpus.h"

#include <pthread.h>

namespace flux {

/// The stack of each thread in bytes; 0 leaves it to the system (`ulimit -s`).
extern int64_t threadStackSize;

/// The option that sets it.
#define FLUX_STACK_SIZE_OPTION                                                                                         \
  {"stack-size",     "BYTES", "the stack of each thread, 0 for the system's default", &flux::threadStackSize, 0,       \
   int64_t(1) << 40, nullptr}

/// Where threads run that are started without a word on it; null: where the thread runs that starts them.
extern const CpuSet *threadCpus;

/// Starts a thread that runs `body(argument)` on `cpus`. Returns 0 or an errno value, EAGAIN above all. Any thread.
int startThread(pthread_t &thread, void *(*body)(void *), void *argument, const CpuSet *cpus = nullptr);

/// Model::startSources and Model::interruptSources for models in which each source has a thread.
bool startSourceThreads();
void interruptSourceThreads();

/// Model::submit for models in which a source's thread runs the flows as well: runs `flow` in `context`. The signals of
/// interruptSourceThreads() end a source's system calls, and none of the flow's.
void runInSourceThread(Flow *flow, Context &context);

/// Whether the thread of `source` runs a flow. Any thread.
bool isInFlow(Source &source);

/// Joins the threads of those sources that have ended, once each. Main thread.
void joinSourceThreads();

/// Model::park and Model::unpark for models in which a blocked flow blocks its thread.
void parkThread(Context &context);
void unparkThread(Context &context);

} // namespace flux

#endif // FLUX_CORE_OS_OS_THREAD_H
