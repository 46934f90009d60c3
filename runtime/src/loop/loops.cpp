/// loops.cpp - every flow and every source runs on an event loop; there is one, or several that share the work.
///
/// A thread with its loop runs each of them as a plain call until it blocks (see loop.h). Waiting for the
/// network, for time or for a constraint parks the flow. The main thread only supervises.
#include "loop/loops.h"

#include "core/log.h"
#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "core/runtime.h"
#include "loop/loop_thread.h"
#include "posix/helpers.h"
#include "posix/interpose.h"

#include <new>
#include <stdlib.h>

namespace flux {

int64_t loopMaxFlows = 10000;
int64_t loopStackSize = 256 * 1024;
int64_t loopMaxLookups = 1024;
int64_t loopMaxHelpers = 32;

namespace {

// Written by startLoops(), before the threads exist.
LoopThread *threads = nullptr;
uint64_t numThreads = 0;

uint64_t divideUp(uint64_t amount, uint64_t parts) { return (amount + parts - 1) / parts; }

bool openThread(LoopThread &thread, Io io, int cpu) {
  // Each source's flows count where it runs, so that counting them needs nobody else.
  const uint64_t producers = runtime.numSources < numThreads ? runtime.numSources : numThreads;
  const auto limit = static_cast<uint64_t>(loopMaxFlows);
  LoopThread::Bounds bounds = {};
  bounds.stackSize = static_cast<size_t>(loopStackSize);
  bounds.flowsOfOwn = divideUp(limit, producers > 0 ? producers : 1);
  bounds.flowsOfAll = limit + numThreads;
  bounds.cpu = cpu;
  bounds.io = io;
  return thread.open(bounds);
}

} // namespace

bool startLoops(uint64_t count, const CpuSet *cpus) {
  linkInterposedCalls();
  lookupHelpers.open(static_cast<uint64_t>(loopMaxLookups));
  Io io;
  if (!chooseIo(io))
    return false;
  void *memory = aligned_alloc(alignof(LoopThread), count * sizeof(LoopThread));
  if (!memory) {
    logMessage("out of memory at the start");
    return false;
  }
  threads = static_cast<LoopThread *>(memory);
  numThreads = count;
  int cpu = -1;
  for (uint64_t i = 0; i < count; ++i) {
    if (cpus)
      do
        ++cpu;
      while (!hasCpu(*cpus, static_cast<size_t>(cpu)));
    if (!openThread(*new (&threads[i]) LoopThread(), io, cpu))
      return false;
  }
  return true;
}

bool startLoop() { return startLoops(1, nullptr); }

bool startLoopSources() {
  for (uint64_t i = 0; i < runtime.numSources; ++i) {
    Source &source = runtime.source(i);
    const uint64_t place = source.isReplicated ? static_cast<uint64_t>(source.context->replica) : i;
    if (!threads[place % numThreads].add(source))
      return false;
  }
  // The first source runs when all threads exist: a client that gets an answer has reached a server that is complete.
  static Mutex gate;
  MutexLock closed(gate);
  for (uint64_t i = 0; i < numThreads; ++i)
    if (!threads[i].start(gate))
      return false;
  return true;
}

void interruptLoopSources() {
  for (uint64_t i = 0; i < numThreads; ++i)
    threads[i].interruptSources();
}

void submitToLoopOf(Flow *flow, uint64_t place) { LoopThread::current()->submit(flow, threads[place]); }

uint64_t currentLoop() { return static_cast<uint64_t>(LoopThread::current() - threads); }

uint64_t drainLoops() {
  for (uint64_t i = 0; i < numThreads; ++i)
    threads[i].drain();
  uint64_t flows = 0;
  for (uint64_t i = 0; i < numThreads; ++i)
    flows += threads[i].ownFlows();
  return flows;
}

void stopLoops() {
  for (uint64_t i = 0; i < numThreads; ++i)
    threads[i].end();
  fileHelpers.close();
  lookupHelpers.close();
  for (uint64_t i = 0; i < numThreads; ++i)
    threads[i].close();
  free(threads);
}

void parkFiber(Context &context) { context.tail<LoopContext>().scheduler->park(); }

void unparkFiber(Context &context) {
  const auto &parked = context.tail<LoopContext>();
  if (Scheduler::current() == parked.scheduler)
    parked.scheduler->permit(*parked.fiber);
  else
    parked.scheduler->permitFromElsewhere(*parked.fiber);
}

void pauseFiber(Context &context, uint64_t ns) {
  context.tail<LoopContext>().scheduler->await(nullptr, 0, nowNs() + ns);
}

OwnStack stackOfFiber(const Context &context) {
  const Fiber *fiber = context.tail<LoopContext>().fiber;
  return fiber ? usableStack(fiber->stack) : OwnStack();
}

void openHelpers() { fileHelpers.open(static_cast<uint64_t>(loopMaxHelpers)); }

void offerHelpers(Figures &figures) { fileHelpers.offer("helpers", figures); }

int32_t runByHelper(Context &context, int32_t node, flux_ir_call call, void *in, void *out) {
  if (!(runtime.program->functions[node].flags & FLUX_IR_BLOCKING))
    return call(in, out);
  return fileHelpers.make([&] {
    // On the loop itself, where no helper is to be had, it is the current one already.
    Context *before = currentContext();
    setCurrentContext(&context);
    const int32_t status = call(in, out);
    setCurrentContext(before);
    return status;
  });
}

void offerLoop(Figures &figures) {
  figures.beginGroup("loop");
  threads[0].offer(figures);
  figures.end();
  lookupHelpers.offer("lookups", figures);
}

void offerLoopLimits(Limits &limits) {
  for (uint64_t i = 0; i < numThreads; ++i)
    threads[i].offerLimit(limits);
  fileHelpers.offerLimit("helpers", "--flux-helpers", limits);
  lookupHelpers.offerLimit("lookups", "--flux-lookups", limits);
}

void offerLoops(Figures &figures) {
  figures.beginList("cores");
  for (uint64_t i = 0; i < numThreads; ++i) {
    figures.beginItem();
    threads[i].offer(figures);
    figures.end();
  }
  figures.end();
  lookupHelpers.offer("lookups", figures);
}

} // namespace flux
