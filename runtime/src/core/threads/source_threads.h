/// source_threads.h - what the models have in common whose sources and flows run on OS threads.
#ifndef FLUX_CORE_THREADS_SOURCE_THREADS_H
#define FLUX_CORE_THREADS_SOURCE_THREADS_H

#include "core/model.h"
#include "core/os/mutex.h"
#include "core/os/os_thread.h"
#include "core/os/parker.h"
#include "core/server/signals.h"

namespace flux {

/// The option that sets threadStackSize.
constexpr Option threadStackSizeOption = {
    "stack-size",     "BYTES", "the stack of each thread, 0 for the system's default", &threadStackSize, 0,
    int64_t(1) << 40, nullptr};

/// The tail of a source, or what it begins with.
struct SourceThread {
  pthread_t thread = {};
  bool joined = false;
  Mutex mutex; // keeps signals to the thread apart from flows that it runs itself
  bool inFlow FLUX_GUARDED_BY(mutex) = false;
  InterruptCount interrupts;
};

/// The tails of a source that has a thread, and of a context whose flow blocks one.
constexpr Tails threadTails = {.context = sizeof(Parker), .source = sizeof(SourceThread)};

/// For ModelSources. The tails of sources begin with a SourceThread.
bool startSourceThreads();
void interruptSourceThreads();
bool isInFlow(Source &source);

/// ModelFlows::submit for models in which a source's thread runs the flows as well: runs `flow` in `context`. The
/// signals of interruptSourceThreads() end a source's system calls, and none of the flow's.
void runInSourceThread(Flow *flow, Context &context);

/// ModelFlows::drain for these models.
uint64_t drainSourceThreads();

/// Joins the threads of those sources that have ended, once each. Main thread.
void joinSourceThreads();

/// The flows or source of `context` block the calling thread when they block. That says so to the hang watch. On that
/// thread.
void blocksThisThread(Context &context);

/// ModelFlows::park and ModelFlows::unpark for models in which a blocked flow blocks its thread. The tails of contexts
/// begin with a Parker.
void parkThread(Context &context);
void unparkThread(Context &context);

} // namespace flux

#endif // FLUX_CORE_THREADS_SOURCE_THREADS_H
