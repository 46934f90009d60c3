/// files.h - regular files and block devices, which are always ready and may keep the caller waiting all the same.
#ifndef FLUX_POSIX_FILES_H
#define FLUX_POSIX_FILES_H

#include "posix/blocking.h"
#include "posix/helper_uses.h"
#include "posix/helpers.h"

#include <sys/uio.h>

namespace flux {

/// Whether the descriptor is one of a file, and there are helpers to wait for it. Leaves errno alone.
bool waitsForDisk(int fd);

/// A call of the program on a file, which takes system calls of this thread and of helpers. As with Call, all of them
/// work on what the number stood for when it began. Outside of jobs they are what they are anywhere.
class FileCall {
public:
  /// `fd` may be a directory that a path begins in, AT_FDCWD included.
  explicit FileCall(int fd) {
    if (Scheduler *scheduler = Scheduler::current(); scheduler && fd >= 0)
      file = beginCall(*scheduler, fd);
  }

  /// Goes on with a call of which this is one of the descriptors.
  explicit FileCall(const DescriptorOf &file) : file(file) {}

  /// Makes a system call that is meant for the file, or fails with EBADF. On the job's thread or one of the helpers.
  template <typename F> auto attempt(F call) const -> decltype(call()) {
    if (file.fd < 0)
      return call();
    if (Scheduler *here = Scheduler::current()) {
      const DescriptorUse use(here->used(), file);
      return makeIf(use.holds, call);
    }
    const HelperUse use(file.fd);
    return makeIf(file.isStill(), call);
  }

  /// The same by one of the helpers, while the job is parked. Where there are none the call is made here, at once: as
  /// the first attempt of any other, it needs no guard.
  template <typename F> auto make(Helpers &helpers, F call) const -> decltype(call()) {
    if (!helpers.isOpen() && !kGuardsFirst)
      return call();
    return helpers.make([&] { return attempt(call); });
  }

private:
  template <typename F> static auto makeIf(bool holds, F call) -> decltype(call()) {
    if (holds)
      return call();
    errno = EBADF;
    return -1;
  }

  DescriptorOf file; // none outside of jobs
};

/// readv() and, with an offset that is not negative, preadv() of a file. What is in memory is read at once, and the
/// rest by a helper. In a job.
ssize_t readFile(const FileCall &call, int fd, const iovec *parts, int count, off_t offset);

/// Sees to it that this part of a file is in memory, most likely, when the caller goes on. In a job.
void fetchFile(const FileCall &call, int fd, off_t offset, size_t size);

} // namespace flux

#endif // FLUX_POSIX_FILES_H
