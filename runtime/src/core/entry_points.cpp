/// entry_points.cpp - what generated code calls; contracts in flux/rt/entry_points.h.
#include "flux/rt/entry_points.h"

#include "core/context.h"
#include "core/log.h"
#include "core/runtime.h"
#include "flux/flux.h"

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

void flux_ir_fail(flux_ir_context *cx, int32_t function, int32_t error) {
  Context &context = Context::of(cx);
  bump(cx->counters[function].errors);
  releaseAll(context);
  cx->function = function;
  cx->error = error;
}

void flux_ir_skip(flux_ir_context *cx, int32_t place) {
  const int32_t *calls = runtime.program->calls;
  while (place != FLUX_IR_LAST_CALL) {
    const int32_t entry = calls[place];
    if (entry >= 0) {
      bump(cx->counters[entry].calls, UINT64_MAX); // one less
      ++place;
    } else {
      place = entry == FLUX_IR_LAST_CALL ? entry : ~entry;
    }
  }
}

void flux_ir_handled(flux_ir_context *cx) { bump(Context::of(cx).counters->handled); }

void flux_ir_unhandled(flux_ir_context *cx) {
  bump(Context::of(cx).counters->unhandled);
  static RateLimit limit;
  uint64_t suppressed = 0;
  if (!limit.admit(suppressed))
    return;
  const flux_ir_function &function = runtime.program->functions[cx->function];
  logMessage("'%s' (%s:%u) failed with %d (%s), and no handler takes it", function.name, function.file, function.line,
             cx->error, flux_strerror(cx->error));
  if (suppressed)
    logMessage("%llu more unhandled errors were not shown", static_cast<unsigned long long>(suppressed));
}

int32_t flux_ir_offload(flux_ir_context *cx, flux_ir_call call, void *in, void *out) {
  if (runtime.model->offload)
    return runtime.model->offload(Context::of(cx), call, in, out);
  return call(in, out);
}
