/// pipe_ends.h - who can end a wait for a descriptor.
#ifndef FLUX_CORE_OS_PIPE_ENDS_H
#define FLUX_CORE_OS_PIPE_ENDS_H

#include <sys/types.h>

namespace flux {

/// Whether descriptor `fd` of a process is one end of a pipe whose other end that process has open as well, or
/// an eventfd: then its own threads are the ones that are expected to end a wait for it. Other processes may have the
/// same pipe. False where the system does not tell. Any thread.
bool isPipeToItself(pid_t pid, int fd);

} // namespace flux

#endif // FLUX_CORE_OS_PIPE_ENDS_H
