/// loop_model.cpp - every flow and every source runs on one event loop.
///
/// One thread runs them all, each as a plain call until it blocks (see fiber/loop.h). Waiting for the network, for time
/// or for a constraint parks the flow. The main thread only supervises.
#include "models/loop/loop_model.h"

#include "core/log.h"
#include "core/os_thread.h"
#include "core/runtime.h"
#include "core/server.h"
#include "core/signals.h"
#include "fiber/loop.h"
#include "fiber/stall_detector.h"
#include "io/blocking.h"
#include "io/helpers.h"
#include "io/interpose.h"

#include <stdlib.h>
#include <unistd.h>

namespace flux {

int64_t loopMaxFlows = 10000;
int64_t loopStackSize = 256 * 1024;
int64_t loopMaxLookups = 1024;

namespace {

/// How many flows a source that never blocks may produce before others have their turn.
constexpr uint64_t kBatch = 64;

Loop loop;
StallDetector stallDetector;
pthread_t thread;

// The loop's own, but for what is atomic.
Counters *counters = nullptr;
Context **spareContexts = nullptr; // a stack: as many as flows may begin
uint64_t numSpares = 0;
uint64_t numContexts = 0;
Fiber **sourceFibers = nullptr; // where each source runs; null before and after
FiberQueue waitingSources;
uint64_t produced = 0;

// Written by the loop. Relaxed where they are figures of a snapshot.
std::atomic<uint64_t> flowsInFlight{0};
std::atomic<uint64_t> sourcesWaiting{0};

std::atomic<bool> draining{false};
std::atomic<bool> interruptWanted{false};

/// Relaxed: the loop's thread is the only writer.
uint64_t inFlight() { return flowsInFlight.load(std::memory_order_relaxed); }

void tellDrained() {
  // Either this sees that the server drains, or the poke that follows drain() comes here again.
  if (inFlight() == 0 && draining.load(std::memory_order_relaxed))
    wakeServer();
}

void runFlowJob(void *flow) {
  Context *context = spareContexts[--numSpares];
  context->fiber = &loop.fiber();
  runFlow(*context, static_cast<Flow *>(flow));
  spareContexts[numSpares++] = context;
  // Release: who sees that there are none, sees what they did.
  flowsInFlight.store(inFlight() - 1, std::memory_order_release);
  if (!waitingSources.empty())
    loop.resume(waitingSources.pop());
  tellDrained();
}

void runSourceJob(void *argument) {
  auto &source = *static_cast<Source *>(argument);
  Fiber *&place = sourceFibers[&source - runtime.sources];
  place = source.context->fiber = &loop.fiber();
  runSource(source);
  place = nullptr;
  sourceEnded(source);
}

/// Ends the call that a source is blocked in, wherever that is.
void interrupt(Fiber &source) {
  loop.interrupt(source);
  fileHelpers.interrupt(source);
  lookupHelpers.interrupt(source);
}

/// After a poke: does what the main thread has asked for.
void onPoke(void *) {
  // Relaxed: the poke, a system call, orders it.
  if (interruptWanted.exchange(false, std::memory_order_relaxed))
    for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
      if (sourceFibers[i])
        interrupt(*sourceFibers[i]);
  tellDrained();
}

/// Sees to it that another flow finds a context. False when memory is short.
bool reserveContext() {
  if (numContexts > inFlight())
    return true;
  Context *context = createContext(counters);
  if (!context)
    return false;
  ++numContexts;
  spareContexts[numSpares++] = context;
  return true;
}

void logNoMemory() {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("out of memory for another flow, so flows wait; lower --flux-max-flows");
}

/// Blocks the source while there are as many flows as there may be.
void awaitRoom() {
  while (inFlight() >= static_cast<uint64_t>(loopMaxFlows)) {
    sourcesWaiting.fetch_add(1, std::memory_order_relaxed);
    waitingSources.push(loop.fiber());
    loop.suspend();
    sourcesWaiting.fetch_sub(1, std::memory_order_relaxed);
  }
}

} // namespace

void submitToLoop(Flow *flow) {
  constexpr uint64_t kRetryNs = 10 * kNsPerMs;
  awaitRoom();
  while (!reserveContext()) {
    logNoMemory();
    loop.await(nullptr, 0, deadlineIn(kRetryNs));
    awaitRoom();
  }
  flowsInFlight.store(inFlight() + 1, std::memory_order_relaxed);
  loop.post({runFlowJob, flow});
  if (++produced % kBatch == 0)
    loop.yield();
}

bool startLoop() {
  linkInterposedCalls();
  lookupHelpers.open(static_cast<uint64_t>(loopMaxLookups));
  const uint64_t numSources = runtime.program->num_sources;
  counters = acquireCounters();
  spareContexts = static_cast<Context **>(calloc(static_cast<size_t>(loopMaxFlows), sizeof *spareContexts));
  sourceFibers = static_cast<Fiber **>(calloc(numSources + 1, sizeof *sourceFibers));
  if (!counters || !spareContexts || !sourceFibers) {
    logMessage("out of memory at the start");
    return false;
  }
  Io io;
  if (!chooseIo(io))
    return false;
  const uint64_t maxJobs = static_cast<uint64_t>(loopMaxFlows) + numSources;
  if (loop.open(io, static_cast<size_t>(loopStackSize), maxJobs, onPoke, nullptr))
    return true;
  logMessage("cannot start a loop with stacks of %lld bytes: %s", static_cast<long long>(loopStackSize),
             strerror(errno));
  return false;
}

static void *runLoop(void *) {
  stallDetector.start(loop.watchable());
  const bool ran = loop.run();
  stallDetector.stop();
  if (ran)
    return nullptr;
  logMessage("cannot begin to watch descriptors: %s", strerror(errno));
  _exit(1);
}

bool startLoopSources() {
  for (uint64_t i = 0; i < runtime.program->num_sources; ++i)
    loop.post({runSourceJob, &runtime.sources[i]});
  const int error = startThread(thread, runLoop, nullptr);
  if (error)
    logMessage("cannot start the loop's thread: %s", strerror(error));
  return error == 0;
}

void interruptLoopSources() {
  // Relaxed: see onPoke(). If the last call has not been answered, something holds the thread; when that is a call that
  // is not ours to park, a signal ends it.
  if (interruptWanted.exchange(true, std::memory_order_relaxed))
    pthread_kill(thread, kInterruptSignal);
  loop.poke();
}

uint64_t drainLoop() {
  if (!draining.exchange(true, std::memory_order_relaxed))
    loop.poke();
  // Acquire: see runFlowJob().
  return flowsInFlight.load(std::memory_order_acquire);
}

void stopLoop() {
  loop.quit();
  pthread_join(thread, nullptr);
  fileHelpers.close();
  lookupHelpers.close();
  loop.close();
  while (numSpares > 0)
    destroyContext(spareContexts[--numSpares]);
  releaseCounters(counters);
  free(spareContexts);
  free(sourceFibers);
}

void parkFiber(Context &) { loop.park(); }

void unparkFiber(Context &context) {
  if (Loop::current() == &loop)
    loop.permit(*context.fiber);
  else
    loop.permitFromElsewhere(*context.fiber);
}

void snapshotLoop(FILE *out) {
  const Loop::Figures figures = loop.figures();
  fprintf(out,
          "\"loop\":{\"flows\":%llu,\"limit\":%lld,\"fibers\":%llu,\"idle\":%llu,\"sources_waiting\":%llu,"
          "\"stalls\":%llu},",
          static_cast<unsigned long long>(inFlight()), static_cast<long long>(loopMaxFlows),
          static_cast<unsigned long long>(figures.fibers), static_cast<unsigned long long>(figures.idle),
          static_cast<unsigned long long>(sourcesWaiting.load(std::memory_order_relaxed)),
          static_cast<unsigned long long>(stallDetector.count()));
  lookupHelpers.snapshot("lookups", out);
}

} // namespace flux
