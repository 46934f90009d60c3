/// thread_model.cpp - every flow runs on an OS thread of its own.
///
/// A thread that has ended its flow waits for another one before it exits (--flux-idle-ms), the latest first, so that a
/// busy server creates few threads and an idle one soon has none. At most --flux-max-flows flows run at once; then, and
/// when the system has no more threads, sources wait.
#include "core/log.h"
#include "core/runtime.h"
#include "core/server/signals.h"
#include "core/threads/source_threads.h"

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
struct Worker {
  Worker *next; // among the idle
  Context *context;
  Flow *flow; // null tells an idle thread to exit
  pthread_t thread;
  Parker parker;
};

Mutex mutex;
Condition freed; // a thread has become idle, or one may be created again
Worker *idle FLUX_GUARDED_BY(mutex) = nullptr;
uint64_t threads FLUX_GUARDED_BY(mutex) = 0; // running and idle ones
uint64_t running FLUX_GUARDED_BY(mutex) = 0;
uint64_t waiting FLUX_GUARDED_BY(mutex) = 0; // sources
bool draining FLUX_GUARDED_BY(mutex) = false;

void destroyWorker(Worker *worker) {
  destroyContext(worker->context);
  free(worker);
}

/// Takes an idle worker that has waited too long off the list. False if it has just been given a flow.
bool retire(Worker &worker) {
  MutexLock guard(mutex);
  for (Worker **link = &idle; *link; link = &(*link)->next) {
    if (*link != &worker)
      continue;
    *link = worker.next;
    --threads;
    return true;
  }
  return false;
}

/// Waits for the worker's next flow; false when it shall exit without being joined.
bool awaitFlow(Worker &worker) {
  {
    MutexLock guard(mutex);
    worker.next = idle;
    idle = &worker;
    --running;
    if (waiting > 0)
      freed.notifyOne();
    if (draining && running == 0)
      wakeServer();
  }
  if (worker.parker.park(static_cast<uint64_t>(idleMs) * kNsPerMs))
    return true;
  if (retire(worker))
    return false;
  worker.parker.park();
  return true;
}

void *runWorker(void *argument) {
  auto *worker = static_cast<Worker *>(argument);
  // Not by its creator, who must not touch it any more: it may be gone before pthread_create returns.
  worker->thread = pthread_self();
  do {
    runFlow(*worker->context, worker->flow);
    if (!awaitFlow(*worker)) {
      pthread_detach(pthread_self());
      destroyWorker(worker);
      return nullptr;
    }
  } while (worker->flow);
  return nullptr; // stop() joins and destroys
}

/// Starts a thread for `flow`; false if the system has none to give, or no memory.
bool startWorker(Flow *flow) {
  void *memory = calloc(1, sizeof(Worker));
  if (!memory)
    return false;
  auto *worker = new (memory) Worker();
  worker->flow = flow;
  worker->context = createContext();
  pthread_t thread;
  if (worker->context && startThread(thread, runWorker, worker) == 0)
    return true;
  destroyWorker(worker);
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
  MutexLock guard(mutex);
  for (;;) {
    Worker *worker = idle;
    create = !worker && threads < static_cast<uint64_t>(maxFlows);
    if (worker || create) {
      idle = worker ? worker->next : nullptr;
      threads += create;
      ++running;
      return worker;
    }
    ++waiting;
    freed.wait(mutex);
    --waiting;
  }
}

/// Undoes a claim for a thread that could not be created, and waits for one to become idle, or for a while.
void unclaim() {
  MutexLock guard(mutex);
  --threads;
  --running;
  ++waiting;
  if (!idle)
    freed.waitFor(mutex, kRetryNs);
  --waiting;
}

void submit(Flow *flow) {
  for (;;) {
    bool create;
    if (Worker *worker = claim(create)) {
      worker->flow = flow;
      worker->parker.unpark();
      return;
    }
    if (startWorker(flow))
      return;
    logNoThread();
    unclaim();
  }
}

bool start() { return true; }

uint64_t drain() {
  joinSourceThreads();
  MutexLock guard(mutex);
  draining = true;
  return running;
}

void stop() {
  Worker *last;
  {
    MutexLock guard(mutex);
    last = idle;
    idle = nullptr;
  }
  while (Worker *worker = last) {
    last = worker->next;
    worker->flow = nullptr;
    worker->parker.unpark();
    pthread_join(worker->thread, nullptr);
    destroyWorker(worker);
  }
}

void offer(Figures &figures) {
  MutexLock guard(mutex);
  figures.beginGroup("threads");
  figures.gauge("running", running);
  figures.gauge("idle", threads - running);
  figures.gauge("limit", static_cast<uint64_t>(maxFlows));
  figures.gauge("sources_waiting", waiting);
  figures.end();
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
};

} // namespace flux
