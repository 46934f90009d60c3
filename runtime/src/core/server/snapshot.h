/// snapshot.h - what there is to know of the server at one moment, as JSON; the format stands in docs/Operating.md.
#ifndef FLUX_CORE_SERVER_SNAPSHOT_H
#define FLUX_CORE_SERVER_SNAPSHOT_H

#include "core/os/mutex.h"

#include <stddef.h>

namespace flux {

/// Makes a snapshot as flux_snapshot() says. Any thread.
int formatSnapshot(char *buffer, size_t size);

/// Snapshots can be made from now on, or no longer: those that are being made have been. The main thread of each
/// process, while the model is there.
void beginSnapshots();
void endSnapshots();

/// While it lives, no other thread makes a snapshot, so that a process can be forked that makes some of its own.
class FLUX_SCOPED_CAPABILITY NoSnapshot {
public:
  NoSnapshot();
  ~NoSnapshot();
  NoSnapshot(const NoSnapshot &) = delete;
  NoSnapshot &operator=(const NoSnapshot &) = delete;
};

/// Notes what rates are measured by, once a second at most. Main thread, whenever it is awake.
void noteRates();

} // namespace flux

#endif // FLUX_CORE_SERVER_SNAPSHOT_H
