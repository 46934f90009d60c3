#include "core/promise.h"

#include "core/context.h"
#include "core/log.h"
#include "core/runtime.h"

#include <stdlib.h>

namespace flux {

bool hasPromised() {
  const Context *context = currentContext();
  if (!context || context->head.node == FLUX_IR_NO_NODE)
    return false;
  return (runtime.program->functions[context->head.node].flags & FLUX_IR_NONBLOCKING) != 0;
}

void breakPromise(const char *call) {
  const int32_t node = currentContext()->head.node;
  // Relaxed: a figure. There may be several loops.
  const bool known = __atomic_fetch_add(&runtime.brokenPromises[node], 1, __ATOMIC_RELAXED) > 0;
  const bool debug = (runtime.program->flags & FLUX_IR_DEBUG) != 0;
  if (known && !debug)
    return;
  const flux_ir_function &function = runtime.program->functions[node];
  logMessage("node '%s' (%s:%u) is declared nonblocking, but waits in '%s'", function.name, function.file,
             function.line, call);
  if (debug)
    abort();
}

bool reliesOnPromises() {
  // Constraints that are complete where every flow has its own thread are so whoever waits.
  return ((runtime.program->models >> FLUX_IR_MODEL_thread) & 1) == 0;
}

uint64_t brokenPromises(uint64_t function) { return peek(runtime.brokenPromises[function]); }

} // namespace flux
