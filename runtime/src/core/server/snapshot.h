/// snapshot.h - the counters of the server as one line of JSON; the format stands in docs/Operating.md.
#ifndef FLUX_CORE_SERVER_SNAPSHOT_H
#define FLUX_CORE_SERVER_SNAPSHOT_H

#include <stddef.h>

namespace flux {

/// Returns the snapshot with a line's end behind it, which the caller frees, or null when memory is short. Main thread.
char *formatSnapshot(size_t &length);

/// Writes a snapshot to the file named by --flux-snapshot, replacing it at once, or to standard error. What fails is
/// logged. Main thread.
void writeSnapshot();

} // namespace flux

#endif // FLUX_CORE_SERVER_SNAPSHOT_H
