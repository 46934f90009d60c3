/// entry_points.cpp - what generated code calls; contracts in flux/rt/entry_points.h.
#include "flux/rt/entry_points.h"

#include "core/context.h"
#include "core/runtime.h"
#include "core/server/signals.h"
#include "core/unhandled.h"
#include "flux/flux.h"

using namespace flux;

/// Whether what `function` has returned in a source is for the runtime, and no failure.
static bool isAnswer(const flux_ir_function &function, int32_t error) {
  return error == FLUX_STOP || error == FLUX_AGAIN || ((function.flags & FLUX_IR_BEGINS) && isStopping());
}

int32_t flux_ir_fail(flux_ir_context *cx, int32_t function, int32_t error) {
  Context &context = Context::of(cx);
  releaseAll(context);
  cx->function = function;
  cx->error = error;
  if (context.isSources && isAnswer(runtime.program->functions[function], error))
    return 0;
  bump(cx->counters[function].errors);
  return 1;
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
  Context &context = Context::of(cx);
  bump(context.counters->unhandled);
  context.failure = cx->error;
  reportUnhandled(context);
}

int32_t flux_ir_run(flux_ir_context *cx, int32_t node, flux_ir_call call, void *in, void *out) {
  if (runtime.model->flows.run)
    return runtime.model->flows.run(Context::of(cx), node, call, in, out);
  return call(in, out);
}
