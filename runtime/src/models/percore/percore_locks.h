/// percore_locks.h - locks for flows on several loops.
#ifndef FLUX_MODELS_PERCORE_PERCORE_LOCKS_H
#define FLUX_MODELS_PERCORE_PERCORE_LOCKS_H

#include "core/locks/locks.h"

namespace flux {

/// A lock of the program is shared by all loops. That of a session belongs to one, since all its flows run there: it
/// takes no atomic operation. Where there is one loop, none does.
extern const Locks percoreLocks;

} // namespace flux

#endif // FLUX_MODELS_PERCORE_PERCORE_LOCKS_H
