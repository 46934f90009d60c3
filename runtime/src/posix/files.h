/// files.h - regular files and block devices, which are always ready and may keep the caller waiting all the same.
#ifndef FLUX_POSIX_FILES_H
#define FLUX_POSIX_FILES_H

#include "posix/helpers.h"

#include <sys/uio.h>

namespace flux {

/// Whether the descriptor is one of a file, and there are helpers to wait for it. Leaves errno alone.
bool waitsForDisk(int fd);

/// readv() and, with an offset that is not negative, preadv() of a file. What is in memory is read at once, and the
/// rest by a helper. In a job.
ssize_t readFile(int fd, const iovec *parts, int count, off_t offset);

/// Sees to it that this part of a file is in memory, most likely, when the caller goes on. In a job.
void fetchFile(int fd, off_t offset, size_t size);

} // namespace flux

#endif // FLUX_POSIX_FILES_H
