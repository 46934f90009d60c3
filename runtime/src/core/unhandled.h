/// unhandled.h - errors that no handler takes, in the log.
#ifndef FLUX_CORE_UNHANDLED_H
#define FLUX_CORE_UNHANDLED_H

#include "core/context.h"

#include <stddef.h>

namespace flux {

/// Room for what describeFailure() writes.
constexpr size_t kFailureText = 768;

/// Says what has failed as the log says it. Any thread.
void describeFailure(const Failure &failure, char *text, size_t size);

/// Notes what the flow or source of `context` has failed with, and writes it to the log: the first failure of each
/// function, and of the others up to ten a second, which say how many were left out. On the flow or source.
void reportUnhandled(Context &context);

} // namespace flux

#endif // FLUX_CORE_UNHANDLED_H
