#include "core/context.h"

#include "core/runtime.h"
#include "core/session_table.h"

#include <new>
#include <stdlib.h>

namespace flux {

namespace {

// Initial-exec is what the linker makes of it in an executable anyway.
thread_local Context *current = nullptr;

bool reserveSpares(Context &context) {
  const flux_ir_program_t &program = *runtime.program;
  for (uint64_t i = 0; i < program.num_locks; ++i) {
    if (!program.locks[i].session)
      continue;
    void *memory = aligned_alloc(alignof(SessionLock), sizeof(SessionLock));
    if (!memory)
      return false;
    auto *entry = new (memory) SessionLock();
    entry->next = context.spares;
    context.spares = entry;
  }
  return true;
}

} // namespace

Context *createContext(Counters *shared) {
  // At least one, so that no pointer is null in a program without locks.
  const size_t numLocks = runtime.program->num_locks + 1;
  void *memory = calloc(1, sizeof(Context) + numLocks * sizeof(Held));
  if (!memory)
    return nullptr;
  auto *context = new (memory) Context();
  context->held = reinterpret_cast<Held *>(context + 1);
  context->sharesCounters = shared != nullptr;
  context->counters = shared ? shared : acquireCounters();
  if (!context->counters || !reserveSpares(*context)) {
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
  while (SessionLock *entry = context->spares) {
    context->spares = entry->next;
    free(entry);
  }
  if (context->counters && !context->sharesCounters)
    releaseCounters(context->counters);
  free(context);
}

void releaseAll(Context &context) {
  while (context.numHeld > 0) {
    Held &held = context.held[--context.numHeld];
    held.lock->release(held.mode);
    if (held.session)
      runtime.sessions.leave(context, held.session);
  }
}

Context *currentContext() { return current; }
void setCurrentContext(Context *context) { current = context; }

void parkFlow(Waiter &waiter) { runtime.model->park(Context::of(waiter)); }
void unparkFlow(Waiter &waiter) { runtime.model->unpark(Context::of(waiter)); }

} // namespace flux
