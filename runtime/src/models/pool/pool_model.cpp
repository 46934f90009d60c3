/// pool_model.cpp - flows wait in a bounded FIFO queue for one of N worker threads.
///
/// A node that blocks blocks its worker, so there are more workers by default than processors; a server whose nodes
/// wait for long needs as many as flows that wait at once.
#include "core/log.h"
#include "core/runtime.h"
#include "core/threads/source_threads.h"
#include "models/pool/flow_queue.h"

#include <new>
#include <stdlib.h>

namespace flux {

namespace {

int64_t maxWorkers = 64;
int64_t queueLimit = 1024;
const Option options[] = {
    {"workers", "N", "how many flows run at once", &maxWorkers, 1, 100000, nullptr},
    {"queue", "N", "how many flows may wait for a worker before sources have to", &queueLimit, 1, 10000000, nullptr},
    threadStackSizeOption,
};

struct Worker {
  FlowQueue::Place place;
  Context *context;
  pthread_t thread;
};

// Written by start(), before the threads that read them exist.
FlowQueue queue(0);
Worker *workers = nullptr;
int64_t numWorkers = 0;

void *runWorker(void *argument) {
  auto &worker = *static_cast<Worker *>(argument);
  blocksThisThread(*worker.context);
  while (Flow *flow = queue.pop(worker.place))
    runFlow(*worker.context, flow);
  return nullptr;
}

/// Starts the next worker; returns 0 or an errno value.
int startWorker(Worker &worker) {
  worker.context = createContext();
  if (!worker.context)
    return ENOMEM;
  const int error = startThread(worker.thread, runWorker, &worker);
  if (error)
    destroyContext(worker.context);
  return error;
}

bool start() {
  queue.setLimit(static_cast<uint64_t>(queueLimit));
  workers = static_cast<Worker *>(calloc(static_cast<size_t>(maxWorkers), sizeof(Worker)));
  int error = workers ? 0 : ENOMEM;
  while (error == 0 && numWorkers < maxWorkers) {
    error = startWorker(*new (&workers[numWorkers]) Worker());
    numWorkers += error == 0;
  }
  if (error == 0)
    return true;
  if (numWorkers == 0) {
    logMessage("cannot start a worker: %s", strerror(error));
    return false;
  }
  logMessage("only %lld of %lld workers could be started: %s", static_cast<long long>(numWorkers),
             static_cast<long long>(maxWorkers), strerror(error));
  return true;
}

void submit(Flow *flow) { queue.push(flow); }

uint64_t drain() {
  joinSourceThreads();
  return queue.drain();
}

void stop() {
  queue.close();
  for (int64_t i = 0; i < numWorkers; ++i) {
    pthread_join(workers[i].thread, nullptr);
    destroyContext(workers[i].context);
  }
  free(workers);
}

void offer(Figures &figures) {
  const FlowQueue::Figures now = queue.figures();
  figures.beginGroup("queue");
  figures.gauge("depth", now.depth);
  figures.gauge("limit", now.limit);
  figures.gauge("sources_waiting", now.sourcesWaiting);
  figures.end();
  figures.beginGroup("workers");
  figures.gauge("running", now.running);
  figures.gauge("idle", static_cast<uint64_t>(numWorkers) - now.running);
  figures.end();
}

void offerLimits(Limits &limits) {
  const FlowQueue::Figures now = queue.figures();
  limits.offer(
      {"workers", "--flux-workers", now.running, static_cast<uint64_t>(numWorkers), now.depth, now.taken, true});
}

} // namespace

extern const Model poolModel;
const Model poolModel = {
    .name = "pool",
    .bit = FLUX_IR_MODEL_pool,
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
