/// lock_entry_points.cpp - what generated code calls around constraints; contracts in flux/rt/entry_points.h. Beside
/// the other entry points, so that a server without constraints, or one from which they were removed, links none of it.
#include "flux/rt/entry_points.h"

#include "core/context.h"
#include "core/runtime.h"

using namespace flux;

/// Finds what the flow holds of lock `index`. Flows hold few locks at a time, so a search beats a table, and starting
/// from the latest finds the usual case at once.
static Held *findHeld(Context &context, int32_t index) {
  for (uint32_t i = context.numHeld; i-- > 0;)
    if (context.held[i].index == index)
      return &context.held[i];
  return nullptr;
}

void flux_ir_acquire(flux_ir_context *cx, int32_t index, int32_t mode) {
  Context &context = Context::of(cx);
  if (Held *held = findHeld(context, index)) {
    ++held->depth;
    return;
  }
  // In place, beyond what is held until the lock has been taken.
  Held &held = context.held[context.numHeld];
  held = {nullptr, index, static_cast<flux_ir_mode>(mode), 1};
  const uint64_t waited = runtime.model->locks->acquire(context, held);
  ++context.numHeld;

  LockCounters &counters = context.counters->locks[index];
  bump(counters.acquisitions);
  if (waited) {
    bump(counters.contended);
    bump(counters.waitNs, waited);
  }
}

void flux_ir_release(flux_ir_context *cx, int32_t index) {
  Context &context = Context::of(cx);
  Held *held = findHeld(context, index);
  // Nothing is held after flux_ir_fail has released it all, and the way out of the regions may still pass here.
  if (!held || --held->depth > 0)
    return;
  runtime.model->locks->release(context, *held);
  // Regions nest, so this is nearly always the last entry; merged regions may leave in another order.
  for (Held *last = &context.held[--context.numHeld]; held < last; ++held)
    *held = held[1];
}
