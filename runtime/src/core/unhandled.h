/// unhandled.h - errors that no handler takes, in the log.
#ifndef FLUX_CORE_UNHANDLED_H
#define FLUX_CORE_UNHANDLED_H

#include "core/context.h"

namespace flux {

/// Writes to the log what the flow or source of `context` has failed with: the first failure of each function, and of
/// the others up to ten a second, which say how many were left out. Any thread.
void reportUnhandled(const Context &context);

} // namespace flux

#endif // FLUX_CORE_UNHANDLED_H
