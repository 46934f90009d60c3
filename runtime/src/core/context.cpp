#include "core/context.h"

#include "core/os/cache_line.h"
#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "core/runtime.h"
#include "flux/flux.h"

#include <new>
#include <stdlib.h>

namespace flux {

constinit thread_local Context *contextOfThread = nullptr;

namespace {

/// All contexts. Who walks along the list holds `walk`, which keeps them from being destroyed; new ones come to the
/// front and do not have to wait.
Mutex walk;
Mutex links; // the one that is taken while another, `walk`, is held
Context *all FLUX_GUARDED_BY(links) = nullptr;

void enlist(Context &context) {
  MutexLock guard(links);
  context.nextOfAll = all;
  if (all)
    all->previousOfAll = &context;
  all = &context;
}

void delist(Context &context) {
  MutexLock standing(walk);
  MutexLock guard(links);
  if (context.nextOfAll)
    context.nextOfAll->previousOfAll = context.previousOfAll;
  if (context.previousOfAll)
    context.previousOfAll->nextOfAll = context.nextOfAll;
  else if (all == &context)
    all = context.nextOfAll;
}

} // namespace

/// How much of a context stands in front of what it holds.
static size_t offsetOfHeld() { return sizeof(Context) + roundUp(runtime.model->tails.context, alignof(Held)); }

size_t contextSize() {
  // At least one lock, so that no pointer is null in a program without locks. On lines of its own: contexts of
  // different threads share none.
  return roundUp(offsetOfHeld() + (runtime.program->num_locks + 1) * sizeof(Held));
}

Context *placeContext(void *memory, Counters *counters) {
  memset(memory, 0, contextSize());
  auto *context = new (memory) Context();
  context->held = reinterpret_cast<Held *>(static_cast<char *>(memory) + offsetOfHeld());
  context->sharesCounters = true;
  context->counters = counters;
  if (counters)
    context->head.counters = counters->functions;
  context->head.node = FLUX_IR_NO_NODE;
  return context;
}

Context *createContext(Counters *shared) {
  void *memory = aligned_alloc(kCacheLine, contextSize());
  if (!memory)
    return nullptr;
  Context *context = placeContext(memory, shared ? shared : acquireCounters());
  context->sharesCounters = shared != nullptr;
  if (!context->counters || !runtime.model->locks->reserve(*context)) {
    destroyContext(context);
    return nullptr;
  }
  enlist(*context);
  return context;
}

void destroyContext(Context *context) {
  if (!context)
    return;
  delist(*context);
  runtime.model->locks->unreserve(*context);
  if (context->counters && !context->sharesCounters)
    releaseCounters(context->counters);
  free(context);
}

void forEachContext(void (*see)(void *argument, Context &context), void *argument) {
  MutexLock walking(walk);
  Context *context;
  {
    MutexLock guard(links);
    context = all;
  }
  for (; context; context = context->nextOfAll)
    see(argument, *context);
}

void releaseAll(Context &context) {
  while (context.numHeld > 0) {
    setNumHeld(context, context.numHeld - 1);
    runtime.model->locks->release(context, context.held[context.numHeld]);
  }
}

bool isTakenNotToWait() {
  const Context *context = currentContext();
  if (!context || context->head.node == FLUX_IR_NO_NODE)
    return false;
  return (runtime.program->functions[context->head.node].flags & (FLUX_IR_NONBLOCKING | FLUX_IR_GUARDED)) != 0;
}

FlowAway::FlowAway(WaitsFor what, int64_t which)
    : context(currentContext()), waits(context && what != WaitsFor::Nothing) {
  setCurrentContext(nullptr);
  if (waits)
    context->blocked.begin(what, which);
}

FlowAway::~FlowAway() {
  setCurrentContext(context);
  if (waits)
    context->blocked.end();
}

void parkFlow(Waiter &waiter) {
  Context &context = Context::of(waiter);
  context.blocked.begin(WaitsFor::Constraint, context.held[context.numHeld].index);
  runtime.model->flows.park(context);
  context.blocked.end();
}
void unparkFlow(Waiter &waiter) { runtime.model->flows.unpark(Context::of(waiter)); }

void pauseFlow(uint64_t ns) {
  const auto pause = runtime.model->flows.pause;
  pause ? pause(*currentContext(), ns) : sleepNs(ns);
}

} // namespace flux

int flux_replica(void) {
  const flux::Context *context = flux::currentContext();
  return context ? context->replica : 0;
}

int64_t flux_session(void) {
  const flux::Context *context = flux::currentContext();
  return context ? context->head.session : 0;
}
