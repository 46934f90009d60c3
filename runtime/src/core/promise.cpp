#include "core/promise.h"

#include "core/context.h"
#include "core/functions.h"
#include "core/log.h"
#include "core/runtime.h"

#include <stdlib.h>

namespace flux {

namespace {

enum Trait : unsigned {
#define FLUX_MODEL_TRAIT(TRAIT, BIT, SUMMARY) TRAIT = 1U << (BIT),
#include "flux/rt/models.def"
};

/// The models whose flows run on threads.
constexpr uint64_t kWithoutLoops = 0
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY) | uint64_t(((TRAITS) & Loops) == 0) << (BIT)
#include "flux/rt/models.def"
    ;

/// The function that the flow is in.
const flux_ir_function &runningFunction() { return runtime.program->functions[currentContext()->head.node]; }

} // namespace

bool isTakenNotToWait() {
  const Context *context = currentContext();
  if (!context || context->head.node == FLUX_IR_NO_NODE)
    return false;
  return (runningFunction().flags & (FLUX_IR_NONBLOCKING | FLUX_IR_GUARDED)) != 0;
}

void reportWait(const char *call) {
  const flux_ir_function &function = runningFunction();
  const bool isPromise = (function.flags & FLUX_IR_NONBLOCKING) != 0;
  const bool ends = isPromise && (runtime.program->flags & FLUX_IR_DEBUG) != 0;
  // Relaxed: a figure. There may be several loops.
  const bool known = __atomic_fetch_add(&runtime.unexpectedWaits[currentContext()->head.node], 1, __ATOMIC_RELAXED) > 0;
  if (known && !ends)
    return;
  if (isPromise)
    logMessage("node '%s' (%s:%u) is declared nonblocking, but waits in '%s'", function.name, function.file,
               function.line, call);
  else
    logMessage("%s '%s' (%s:%u) was taken not to block, but waits in '%s', and the event loop with it: please report "
               "this fault of fluxc",
               kindName(function), function.name, function.file, function.line, call);
  if (ends)
    abort();
}

bool isReliedOn() {
  if (runningFunction().flags & FLUX_IR_GUARDED)
    return true;
  // Constraints that are complete where flows run on threads are so whoever waits.
  return (runtime.program->models & kWithoutLoops) == 0;
}

uint64_t unexpectedWaits(uint64_t function) { return peek(runtime.unexpectedWaits[function]); }

} // namespace flux
