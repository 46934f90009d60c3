/// thread_model.cpp - every flow runs on an OS thread of its own.
///
/// A thread that has ended its flow waits for another one before it exits (--flux-idle-ms; see ThreadCache). At most
/// --flux-max-flows flows run at once; then, and when the system has no more threads, sources wait.
#include "core/log.h"
#include "core/runtime.h"
#include "core/server/signals.h"
#include "core/threads/source_threads.h"
#include "core/threads/thread_cache.h"

#include <new>
#include <stdlib.h>

namespace flux {

namespace {

constexpr uint64_t kRetryNs = 100 * kNsPerMs;

int64_t maxFlows = 1024;
int64_t idleMs = 10000;
const Option options[] = {
    {"max-flows", "N", "how many flows may run at once, a thread each", &maxFlows, 1, 1000000, nullptr},
    {"idle-ms", "MS", "how long a thread without a flow is kept for the next one", &idleMs, 0, 86400000, nullptr},
    threadStackSizeOption,
};

/// A thread and the flow it runs.
struct Worker : CachedThread {
  Context *context;
  Flow *flow;
};

void destroyWorker(CachedThread &thread) {
  auto &worker = static_cast<Worker &>(thread);
  destroyContext(worker.context);
  free(&worker);
}

ThreadCache cache(destroyWorker);
Condition freed; // a thread has become idle, or one may be created again
uint64_t running FLUX_GUARDED_BY(cache.mutex) = 0;
uint64_t waiting FLUX_GUARDED_BY(cache.mutex) = 0; // sources
bool draining FLUX_GUARDED_BY(cache.mutex) = false;

/// Waits for the worker's next flow; false when it shall end.
bool awaitFlow(Worker &worker) {
  {
    MutexLock guard(cache.mutex);
    --running;
    cache.becomeIdle(worker);
    if (waiting > 0)
      freed.notifyOne();
    if (draining && running == 0)
      wakeServer();
  }
  return cache.awaitWork(worker);
}

void *runWorker(void *argument) {
  auto &worker = *static_cast<Worker *>(argument);
  cache.enter(worker);
  blocksThisThread(*worker.context);
  do
    runFlow(*worker.context, worker.flow);
  while (awaitFlow(worker));
  return nullptr;
}

/// Starts a thread for `flow`; false if the system has none to give, or no memory.
bool startWorker(Flow *flow) {
  void *memory = malloc(sizeof(Worker));
  if (!memory)
    return false;
  auto *worker = new (memory) Worker();
  worker->flow = flow;
  worker->context = createContext();
  pthread_t thread;
  if (worker->context && startThread(thread, runWorker, worker) == 0)
    return true;
  destroyWorker(*worker);
  return false;
}

void logNoThread() {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("the system gives no more threads, so flows wait; lower --flux-max-flows or --flux-stack-size");
}

/// Takes an idle thread, or counts a new one (`create`, and null), or waits until either is possible.
Worker *claim(bool &create) {
  MutexLock guard(cache.mutex);
  for (;;) {
    auto *worker = static_cast<Worker *>(cache.takeIdle());
    create = !worker && cache.count();
    if (worker || create) {
      ++running;
      return worker;
    }
    const BlockedHere blocked(WaitsFor::Room);
    ++waiting;
    freed.wait(cache.mutex);
    --waiting;
  }
}

/// Undoes a claim for a thread that could not be created, and waits for one to become idle, or for a while.
void unclaim() {
  MutexLock guard(cache.mutex);
  cache.uncount();
  --running;
  ++waiting;
  if (cache.numIdle() == 0)
    freed.waitFor(cache.mutex, kRetryNs);
  --waiting;
}

void submit(Flow *flow) {
  for (;;) {
    bool create;
    if (Worker *worker = claim(create)) {
      worker->flow = flow;
      ThreadCache::wake(*worker);
      return;
    }
    if (startWorker(flow))
      return;
    logNoThread();
    unclaim();
  }
}

bool start() {
  cache.open(static_cast<uint64_t>(maxFlows), static_cast<uint64_t>(idleMs) * kNsPerMs);
  return true;
}

uint64_t drain() {
  joinSourceThreads();
  MutexLock guard(cache.mutex);
  draining = true;
  return running;
}

void stop() { cache.close(); }

void offer(Figures &figures) {
  MutexLock guard(cache.mutex);
  figures.beginGroup("threads");
  figures.gauge("running", running);
  figures.gauge("idle", cache.numThreads() - running);
  figures.gauge("limit", static_cast<uint64_t>(maxFlows));
  figures.gauge("sources_waiting", waiting);
  figures.end();
}

void offerLimits(Limits &limits) {
  MutexLock guard(cache.mutex);
  limits.offer({"threads for flows", "--flux-max-flows", running, static_cast<uint64_t>(maxFlows), waiting, 0, true});
}

} // namespace

extern const Model threadModel;
const Model threadModel = {
    .name = "thread",
    .bit = FLUX_IR_MODEL_thread,
    .options = {options, sizeof options / sizeof *options},
    .locks = &threadLocks,
    .tails = threadTails,
    .life = {.start = start, .stop = stop},
    .sources = {.start = startSourceThreads, .interrupt = interruptSourceThreads},
    .flows = {.submit = submit, .drain = drain, .park = parkThread, .unpark = unparkThread},
    .offer = offer,
    .offerLimits = offerLimits,
};

} // namespace flux
