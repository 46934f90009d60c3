#include "core/context.h"

#include "core/os/cache_line.h"
#include "core/os/clock.h"
#include "core/runtime.h"

#include <new>
#include <stdlib.h>

namespace flux {

namespace {

// Initial-exec is what the linker makes of it in an executable anyway.
thread_local Context *current = nullptr;

} // namespace

Context *createContext(Counters *shared) {
  // At least one, so that no pointer is null in a program without locks.
  const size_t numLocks = runtime.program->num_locks + 1;
  // On lines of its own: contexts of different threads share none.
  const size_t tail = roundUp(runtime.model->tails.context, alignof(Held));
  const size_t size = roundUp(sizeof(Context) + tail + numLocks * sizeof(Held));
  void *memory = aligned_alloc(kCacheLine, size);
  if (!memory)
    return nullptr;
  memset(memory, 0, size);
  auto *context = new (memory) Context();
  context->held = reinterpret_cast<Held *>(reinterpret_cast<char *>(context + 1) + tail);
  context->sharesCounters = shared != nullptr;
  context->counters = shared ? shared : acquireCounters();
  if (!context->counters || !runtime.model->locks->reserve(*context)) {
    destroyContext(context);
    return nullptr;
  }
  context->head.counters = context->counters->functions;
  context->head.node = FLUX_IR_NO_NODE;
  return context;
}

void destroyContext(Context *context) {
  if (!context)
    return;
  runtime.model->locks->unreserve(*context);
  if (context->counters && !context->sharesCounters)
    releaseCounters(context->counters);
  free(context);
}

void releaseAll(Context &context) {
  while (context.numHeld > 0)
    runtime.model->locks->release(context, context.held[--context.numHeld]);
}

Context *currentContext() { return current; }
void setCurrentContext(Context *context) { current = context; }

void parkFlow(Waiter &waiter) { runtime.model->flows.park(Context::of(waiter)); }
void unparkFlow(Waiter &waiter) { runtime.model->flows.unpark(Context::of(waiter)); }

void pauseFlow(uint64_t ns) {
  const auto pause = runtime.model->flows.pause;
  pause ? pause(*current, ns) : sleepNs(ns);
}

} // namespace flux
