/// snapshot_file.h - the snapshot that SIGUSR1 asks for.
#ifndef FLUX_CORE_SERVER_SNAPSHOT_FILE_H
#define FLUX_CORE_SERVER_SNAPSHOT_FILE_H

namespace flux {

/// Writes a snapshot to the file named by --flux-snapshot, replacing it at once, or to standard error. What fails is
/// logged. Main thread.
void writeSnapshot();

} // namespace flux

#endif // FLUX_CORE_SERVER_SNAPSHOT_FILE_H
