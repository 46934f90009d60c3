/// process_model.cpp - every flow runs on one of N forked processes, which the parent supervises.
///
/// A worker is a whole server in itself: it calls the sources, on what listeners and files the program has opened in
/// flux_init(), each in a thread of its own, and runs the flow there and then. So a program with one source has one
/// flow at a time in each worker. What workers share is the locks behind the constraints and the counters
/// (shared_memory.h).
#include "core/log.h"
#include "core/os/os_thread.h"
#include "core/runtime.h"
#include "core/server/server.h"
#include "models/process/shared_memory.h"
#include "models/process/supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

namespace flux {

namespace {

const Option options[] = {
    {"workers", "N", "how many processes run flows", &supervisorOptions.workers, 1, 10000, nullptr},
    {"restart-ms", "MS", "the longest wait before a worker that dies again and again is replaced",
     &supervisorOptions.longestWaitMs, 0, 3600000, nullptr},
    FLUX_STACK_SIZE_OPTION,
};

Context **flowContexts = nullptr; // in a worker: one for each source

/// Gives the sources of this worker, and their flows, what they share with other processes.
bool start() {
  const uint64_t numSources = runtime.program->num_sources;
  flowContexts = static_cast<Context **>(calloc(numSources + 1, sizeof *flowContexts));
  bool made = flowContexts != nullptr;
  for (uint64_t i = 0; i < numSources && made; ++i) {
    Counters *counters = shared.counters(workerNumber(), i);
    destroyContext(runtime.sources[i].context);
    runtime.sources[i].context = createContext(counters);
    flowContexts[i] = createContext(counters);
    made = runtime.sources[i].context && flowContexts[i];
    // They take turns, and hold nothing in between: one place serves both.
    if (made)
      runtime.sources[i].context->place = flowContexts[i]->place = shared.place(workerNumber(), i);
  }
  if (!made)
    logMessage("out of memory at the start of a worker");
  return made;
}

bool startSources() {
  // Before the first source may call exit(). Relaxed: the supervisor looks when this process has ended.
  std::atomic<Progress> &progress = shared.progress(workerNumber());
  progress.store(Progress::Serving, std::memory_order_relaxed);
  const bool started = startSourceThreads();
  if (!started)
    progress.store(Progress::Starting, std::memory_order_relaxed);
  return started;
}

void submit(Flow *flow) { runInSourceThread(flow, *flowContexts[flow->source - runtime.sources]); }

uint64_t drain() {
  joinSourceThreads();
  uint64_t inFlight = 0;
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
    inFlight += isInFlow(runtime.sources[i]);
  return inFlight;
}

void stop() {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
    destroyContext(flowContexts[i]);
  free(static_cast<void *>(flowContexts));
}

bool initLocks() { return true; } // with the workers: see Supervisor
bool reserve(Context &) { return true; }
void unreserve(Context &) {}

uint64_t acquire(Context &context, Held &held) {
  const int64_t session = runtime.program->locks[held.index].session ? context.head.session : 0;
  return shared.lock(static_cast<uint64_t>(held.index)).acquire(context.place, session, held.mode);
}

void release(Context &context, const Held &held) {
  shared.lock(static_cast<uint64_t>(held.index)).release(context.place);
}

uint64_t liveSessions() {
  uint64_t live = 0;
  for (uint64_t i = 0; i < runtime.program->num_locks; ++i)
    if (runtime.program->locks[i].session)
      live += shared.lock(i).liveSessions();
  return live;
}

const Locks sharedLocks = {initLocks, reserve, unreserve, acquire, release, liveSessions};

} // namespace

extern const Model processModel;
const Model processModel = {"process",
                            FLUX_IR_MODEL_process,
                            {options, sizeof options / sizeof *options},
                            &sharedLocks,
                            start,
                            startSources,
                            interruptSourceThreads,
                            submit,
                            drain,
                            stop,
                            parkThread,
                            unparkThread,
                            snapshotWorkers,
                            nullptr,
                            supervise};

} // namespace flux
