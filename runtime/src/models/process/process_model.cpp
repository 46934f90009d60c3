/// process_model.cpp - every flow runs on one of N forked processes, which the parent supervises.
///
/// A worker is a whole server in itself: it calls the sources, on what listeners and files the program has opened in
/// flux_init(), each in a thread of its own, and runs the flow there and then. So a program with one source has one
/// flow at a time in each worker. What workers share is the locks behind the constraints and the counters
/// (shared_memory.h).
#include "core/log.h"
#include "core/runtime.h"
#include "core/server/server.h"
#include "core/threads/source_threads.h"
#include "models/process/shared_memory.h"
#include "models/process/supervisor.h"

namespace flux {

namespace {

const Option options[] = {
    {"workers", "N", "how many processes run flows", &supervisorOptions.workers, 1, 10000, nullptr},
    {"restart-ms", "MS", "the longest wait before a worker that dies again and again is replaced",
     &supervisorOptions.longestWaitMs, 0, 3600000, nullptr},
    threadStackSizeOption,
};

/// The tail of a source, in a worker.
struct ProcessSource {
  SourceThread thread;
  Context *flowContext; // of its flows
};

Context *&flowContextOf(Source &source) { return source.tail<ProcessSource>().flowContext; }

/// The place of a flow, or of a source, in the locks that processes share: the tail of its context.
uint32_t &placeOf(Context &context) { return context.tail<uint32_t>(); }

/// Gives the sources of this worker, and their flows, what they share with other processes.
bool start() {
  for (uint64_t i = 0; i < runtime.numSources; ++i) {
    Source &source = runtime.source(i);
    Counters *counters = shared.counters(workerNumber(), i);
    source.context = placeContext(shared.sourceContext(workerNumber(), i), counters);
    source.context->isSources = true;
    flowContextOf(source) = placeContext(shared.flowContext(workerNumber(), i), counters);
    // They take turns, and hold nothing in between: one place serves both.
    placeOf(*source.context) = placeOf(*flowContextOf(source)) = shared.place(workerNumber(), i);
  }
  return true;
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

void submit(Flow *flow) { runInSourceThread(flow, *flowContextOf(*flow->source)); }

void stop() {}

uint64_t numProcesses() { return static_cast<uint64_t>(supervisorOptions.workers); }

bool initLocks() { return true; } // with the workers: see Supervisor
bool reserve(Context &) { return true; }
void unreserve(Context &) {}

uint64_t acquire(Context &context, Held &held) {
  const int64_t session = runtime.program->locks[held.index].session ? context.head.session : 0;
  const BlockedHere blocked(WaitsFor::Constraint, held.index);
  return shared.lock(static_cast<uint64_t>(held.index)).acquire(placeOf(context), session, held.mode);
}

void release(Context &context, const Held &held) {
  shared.lock(static_cast<uint64_t>(held.index)).release(placeOf(context));
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
const Model processModel = {
    .name = "process",
    .bit = FLUX_IR_MODEL_process,
    .options = {options, sizeof options / sizeof *options},
    .locks = &sharedLocks,
    .tails = {.context = sizeof(uint32_t), .source = sizeof(ProcessSource)},
    .life = {.start = start,
             .stop = stop,
             .supervise = supervise,
             .processes = numProcesses,
             .forEachContext = forEachContextOfWorkers},
    .sources = {.start = startSources, .interrupt = interruptSourceThreads, .isInFlow = isInFlow},
    .flows = {.submit = submit, .drain = drainSourceThreads},
    .offer = offerWorkers,
};

} // namespace flux
