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

/// Relaxed: the hang watch looks at it, which numHeld orders.
static void setIndex(Held &held, int32_t index) { __atomic_store_n(&held.index, index, __ATOMIC_RELAXED); }

void flux_ir_acquire(flux_ir_context *cx, int32_t index, int32_t mode) {
  Context &context = Context::of(cx);
  if (Held *held = findHeld(context, index)) {
    ++held->depth;
    return;
  }
  // In place, beyond what is held until the lock has been taken.
  Held &held = context.held[context.numHeld];
  held.session = nullptr;
  setIndex(held, index);
  held.mode = static_cast<flux_ir_mode>(mode);
  held.depth = 1;
  const uint64_t waited = runtime.model->locks->acquire(context, held);
  setNumHeld(context, context.numHeld + 1);

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
  const uint32_t left = context.numHeld - 1;
  for (const Held *last = &context.held[left]; held < last; ++held) {
    held->session = held[1].session;
    setIndex(*held, held[1].index);
    held->mode = held[1].mode;
    held->depth = held[1].depth;
  }
  setNumHeld(context, left);
}
