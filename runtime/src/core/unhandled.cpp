#include "core/unhandled.h"

#include "core/log.h"
#include "core/os/clock.h"
#include "core/runtime.h"
#include "core/text.h"
#include "flux/flux.h"

#include <stdio.h>
#include <string.h>

namespace flux {

namespace {

/// What has failed, in the user's names.
struct Description {
  explicit Description(const Failure &failure);

  char text[512];
};

Description::Description(const Failure &failure) {
  Text words(text, sizeof text);
  const flux_ir_function &function = runtime.program->functions[failure.function];
  const char *name = failure.source >= 0 ? runtime.program->sources[failure.source].name : nullptr;
  if (name && strcmp(name, function.name) == 0)
    words.add("source ");
  words.add("'%s' (%s:%u)", function.name, function.file, function.line);
  if (name && strcmp(name, function.name) != 0)
    words.add(" in source '%s'", name);
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

void describeFailure(const Failure &failure, char *buffer, size_t size) {
  Text text(buffer, size);
  text.add("%s failed with %d (%s), and no handler takes it", Description(failure).text, failure.error,
           Reason(failure.error).text);
}

void reportUnhandled(Context &context) {
  // Relaxed: its own source, which it has written itself.
  const Source *source = context.isSources ? context.source.load(std::memory_order_relaxed) : nullptr;
  const Failure failure = {nowNs(), context.head.function, context.head.error,
                           source ? static_cast<int64_t>(source->number) : -1};
  context.counters->lastError.set(failure);
  static RateLimit limit;
  uint64_t suppressed = 0;
  if (!isFirst(failure.function) && !limit.admit(suppressed))
    return;
  char text[kFailureText];
  describeFailure(failure, text, sizeof text);
  logMessage("%s", text);
  if (suppressed)
    logMessage("%llu more unhandled errors were not shown", static_cast<unsigned long long>(suppressed));
}

} // namespace flux
