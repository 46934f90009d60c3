#include "loop/loop_thread.h"

#include "core/log.h"
#include "core/os/os_thread.h"
#include "core/runtime.h"
#include "core/server/server.h"
#include "core/server/signals.h"
#include "posix/blocking.h"
#include "posix/helpers.h"

#include <stdlib.h>
#include <unistd.h>

namespace flux {

namespace {

/// How many flows a source that never blocks may produce before others have their turn.
constexpr uint64_t kBatch = 64;

/// How often a flow without a context looks for memory again.
constexpr uint64_t kRetryNs = 10 * kNsPerMs;

thread_local LoopThread *here = nullptr;

/// Adds to a count that this thread alone writes. Release: a reader that sees flows ended sees what they did.
void add(std::atomic<uint64_t> &count, uint64_t by) {
  count.store(count.load(std::memory_order_relaxed) + by, std::memory_order_release);
}

void logNoMemory() {
  static RateLimit limit;
  uint64_t suppressed;
  if (limit.admit(suppressed))
    logMessage("out of memory for another flow, so flows wait; lower --flux-max-flows");
}

} // namespace

LoopThread *LoopThread::current() { return here; }

bool LoopThread::open(const Bounds &given) {
  bounds = given;
  counters = acquireCounters();
  spareContexts = static_cast<Context **>(calloc(bounds.flowsOfAll, sizeof *spareContexts));
  // One context from the start: whatever memory others take later, flows can run, if only one by one.
  if (!counters || !spareContexts || !reserveContext()) {
    logMessage("out of memory at the start");
    return false;
  }
  if (loop.open(bounds.io, bounds.stackSize, bounds.flowsOfAll + runtime.numSources, onPoke, this))
    return true;
  logMessage("cannot start a loop with stacks of %llu bytes: %s", static_cast<unsigned long long>(bounds.stackSize),
             strerror(errno));
  return false;
}

bool LoopThread::add(Source &source) {
  source.tail<LoopSource>().home = this;
  loop.post({runSourceJob, &source});
  // A source that waits keeps its fiber, and one has to be left for flows, whatever memory others take later.
  if (loop.addFiber())
    return true;
  logMessage("out of memory at the start");
  return false;
}

bool LoopThread::start(Mutex &given) {
  gate = &given;
  const CpuSet own = bounds.cpu >= 0 ? oneCpu(static_cast<size_t>(bounds.cpu)) : CpuSet{};
  const int error = startThread(thread, runThread, this, own.cpus ? &own : nullptr);
  freeCpus(own);
  if (error)
    logMessage("cannot start a loop's thread: %s", strerror(error));
  return error == 0;
}

void LoopThread::end() {
  loop.quit();
  pthread_join(thread, nullptr);
}

void LoopThread::close() {
  loop.close();
  while (numSpares > 0)
    destroyContext(spareContexts[--numSpares]);
  releaseCounters(counters);
  free(static_cast<void *>(spareContexts));
}

void *LoopThread::runThread(void *self) {
  here = static_cast<LoopThread *>(self);
  {
    MutexLock passing(*here->gate);
  }
  here->stallDetector.start(here->loop.watchable());
  const bool ran = here->loop.run();
  here->stallDetector.stop();
  if (ran)
    return nullptr;
  logMessage("cannot begin to watch descriptors: %s", strerror(errno));
  _exit(1);
}

void LoopThread::runSourceJob(void *argument) {
  auto &source = *static_cast<Source *>(argument);
  Fiber *fiber = &here->loop.fiber();
  source.context->tail<LoopContext>() = {&here->loop, fiber};
  source.tail<LoopSource>().fiber = fiber;
  source.context->fiber.store(fiber->id, std::memory_order_relaxed);
  runSource(source);
  source.tail<LoopSource>().fiber = nullptr;
  sourceEnded(source);
}

void LoopThread::runFlowJob(void *flow) { here->runHere(static_cast<Flow *>(flow)); }

void LoopThread::runHere(Flow *flow) {
  Context &context = takeContext();
  LoopThread &home = *flow->source->tail<LoopSource>().home;
  if (&home == this) {
    runFlowAtHome(context, flow);
    flux::add(flowsHere, -1);
  } else {
    runFlow(context, flow);
    flux::add(flowsGuest, -1);
    home.flowReturned();
  }
  spareContexts[numSpares++] = &context;
  // Relaxed: this thread has set it.
  if (awaitsRoom.load(std::memory_order_relaxed))
    resumeWaiting();
  tellDrained();
}

/// Sees to it that there is a spare context. False when memory is short.
bool LoopThread::reserveContext() {
  if (numSpares > 0)
    return true;
  Context *context = createContext(counters);
  if (!context)
    return false;
  context->tail<LoopContext>().scheduler = &loop;
  spareContexts[numSpares++] = context;
  return true;
}

/// Finds a context for the job that runs: without memory, one that another flow has left.
Context &LoopThread::takeContext() {
  while (!reserveContext()) {
    logNoMemory();
    loop.await(nullptr, 0, deadlineIn(kRetryNs));
  }
  Context &context = *spareContexts[--numSpares];
  Fiber &fiber = loop.fiber();
  context.tail<LoopContext>().fiber = &fiber;
  context.fiber.store(fiber.id, std::memory_order_relaxed);
  return context;
}

void LoopThread::submit(Flow *flow, LoopThread &runner) {
  if (ownFlows() >= bounds.flowsOfOwn)
    awaitRoom();
  if (&runner == this) {
    flux::add(flowsHere, 1);
    loop.post({runFlowJob, flow});
  } else {
    handOver(flow, runner);
  }
  if (++produced % kBatch == 0)
    loop.yield();
}

void LoopThread::handOver(Flow *flow, LoopThread &runner) {
  // Relaxed: the thread that counts it out gets the flow first.
  flowsAway.fetch_add(1, std::memory_order_relaxed);
  Flow *before = runner.inbox.load(std::memory_order_relaxed);
  // Release: what the source has written is seen by the runner of the flow, which is no longer ours then.
  do
    flow->next = before;
  while (!runner.inbox.compare_exchange_weak(before, flow, std::memory_order_release, std::memory_order_relaxed));
  // A source that finds flows there leaves the waking to the sources that have brought them.
  if (!before)
    runner.loop.poke();
}

void LoopThread::submitHere(Flow *flow) { here->submit(flow, *here); }

/// Posts the flows that others have handed over, in their order.
void LoopThread::receive() {
  // Relaxed: the exchange looks again. Acquire: pairs with submit().
  if (!inbox.load(std::memory_order_relaxed))
    return;
  Flow *latest = inbox.exchange(nullptr, std::memory_order_acquire);
  Flow *first = nullptr;
  while (Flow *flow = latest) {
    latest = flow->next;
    flow->next = first;
    first = flow;
    flux::add(flowsGuest, 1);
  }
  for (; first; first = first->next)
    loop.post({runFlowJob, first});
}

/// A flow that this thread's source has produced has been run by another; on that.
void LoopThread::flowReturned() {
  // Sequentially consistent, as its counterparts: a source that begins to wait sets a flag and then reads the count.
  flowsAway.fetch_sub(1, std::memory_order_seq_cst);
  if (awaitsRoom.load(std::memory_order_seq_cst))
    loop.poke();
  tellDrained();
}

uint64_t LoopThread::ownFlows() const {
  return flowsHere.load(std::memory_order_seq_cst) + flowsAway.load(std::memory_order_seq_cst);
}

/// Blocks the source while as many flows are under way as there may be.
[[gnu::noinline]] void LoopThread::awaitRoom() {
  while (ownFlows() >= bounds.flowsOfOwn) {
    flux::add(sourcesWaiting, 1);
    waitingSources.push(loop.fiber());
    // See flowReturned(): either it finds the flag, or the count is right here.
    awaitsRoom.store(true, std::memory_order_seq_cst);
    if (ownFlows() < bounds.flowsOfOwn)
      loop.poke();
    loop.suspend(WaitsFor::Room);
    flux::add(sourcesWaiting, -1);
  }
}

void LoopThread::resumeWaiting() {
  const uint64_t flows = ownFlows();
  for (uint64_t room = flows < bounds.flowsOfOwn ? bounds.flowsOfOwn - flows : 0; room > 0; --room) {
    if (waitingSources.empty())
      break;
    loop.resume(waitingSources.pop());
  }
  // Relaxed: once too often set is a poke too many.
  if (waitingSources.empty())
    awaitsRoom.store(false, std::memory_order_relaxed);
}

void LoopThread::tellDrained() {
  // Either this sees that the server drains, or drain() comes here again, or reads the count after this.
  if (draining.load(std::memory_order_seq_cst) && ownFlows() == 0)
    wakeServer();
}

/// After a poke: does what others have asked for.
void LoopThread::onPoke(void *self) {
  auto &thread = *static_cast<LoopThread *>(self);
  thread.receive();
  thread.interruptBlocked();
  thread.resumeWaiting();
  thread.tellDrained();
}

/// Ends the calls that sources are blocked in, wherever that is, if the main thread wants it.
void LoopThread::interruptBlocked() {
  // Relaxed: the poke orders it.
  if (!interruptWanted.load(std::memory_order_relaxed) || !interruptWanted.exchange(false, std::memory_order_relaxed))
    return;
  for (uint64_t i = 0; i < runtime.numSources; ++i) {
    const auto &source = runtime.source(i).tail<LoopSource>();
    if (source.home != this || !source.fiber)
      continue;
    loop.interrupt(*source.fiber);
    fileHelpers.interrupt(*source.fiber);
    lookupHelpers.interrupt(*source.fiber);
  }
}

void LoopThread::interruptSources() {
  // Relaxed: see interruptBlocked(). If the last call has not been answered, something holds the thread; when that is a
  // call that is not ours to park, a signal ends it.
  if (interruptWanted.exchange(true, std::memory_order_relaxed))
    pthread_kill(thread, kInterruptSignal);
  loop.poke();
}

void LoopThread::drain() {
  if (!draining.exchange(true, std::memory_order_seq_cst))
    loop.poke();
}

void LoopThread::offerLimit(Limits &offered) const {
  offered.offer({"places for flows", "--flux-max-flows", ownFlows(), bounds.flowsOfOwn,
                 sourcesWaiting.load(std::memory_order_relaxed), 0, true});
}

void LoopThread::offer(Figures &figures) const {
  const FiberPool::Figures fibers = loop.figures();
  figures.gauge("flows", flowsHere.load(std::memory_order_relaxed) + flowsGuest.load(std::memory_order_relaxed));
  figures.gauge("limit", bounds.flowsOfOwn);
  figures.gauge("fibers", fibers.fibers);
  figures.gauge("idle", fibers.idle);
  figures.gauge("sources_waiting", sourcesWaiting.load(std::memory_order_relaxed));
  figures.count("stalls", stallDetector.count());
}

} // namespace flux
