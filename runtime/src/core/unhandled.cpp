#include "core/unhandled.h"

#include "core/log.h"
#include "core/runtime.h"
#include "flux/flux.h"

#include <stdio.h>
#include <string.h>

namespace flux {

namespace {

/// What has failed, in the user's names.
struct Description {
  explicit Description(const Context &context);

  char text[512];
};

Description::Description(const Context &context) {
  const flux_ir_function &function = runtime.program->functions[context.head.function];
  // Relaxed: its own source, which it has written itself.
  const Source *source = context.isSources ? context.source.load(std::memory_order_relaxed) : nullptr;
  const char *name = source ? source->description->name : nullptr;
  if (name && strcmp(name, function.name) == 0)
    snprintf(text, sizeof text, "source '%s' (%s:%u)", name, function.file, function.line);
  else if (name)
    snprintf(text, sizeof text, "'%s' (%s:%u) in source '%s'", function.name, function.file, function.line, name);
  else
    snprintf(text, sizeof text, "'%s' (%s:%u)", function.name, function.file, function.line);
}

/// What a number says, which is errno's if it is the program's own, as such numbers often are.
struct Reason {
  explicit Reason(int32_t error) {
    const char *ofErrno = error > 0 ? strerrordesc_np(error) : nullptr;
    snprintf(text, sizeof text, "%s%s", ofErrno ? "as errno: " : "", ofErrno ? ofErrno : flux_strerror(error));
  }

  char text[128];
};

/// Whether this is the first time that an error of `function` is to be shown.
bool isFirst(int32_t function) {
  // Relaxed: it guards nothing.
  return !__atomic_exchange_n(&runtime.hasFailed[function], true, __ATOMIC_RELAXED);
}

} // namespace

void reportUnhandled(const Context &context) {
  static RateLimit limit;
  uint64_t suppressed = 0;
  if (!isFirst(context.head.function) && !limit.admit(suppressed))
    return;
  const int32_t error = context.head.error;
  logMessage("%s failed with %d (%s), and no handler takes it", Description(context).text, error, Reason(error).text);
  if (suppressed)
    logMessage("%llu more unhandled errors were not shown", static_cast<unsigned long long>(suppressed));
}

} // namespace flux
