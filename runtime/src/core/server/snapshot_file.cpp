#include "core/server/snapshot_file.h"

#include "core/log.h"
#include "core/server/options.h"
#include "core/server/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flux {

namespace {

bool writeAll(int descriptor, const char *text, size_t length) {
  while (length > 0) {
    const ssize_t written = write(descriptor, text, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    text += written;
    length -= static_cast<size_t>(written);
  }
  return true;
}

/// Opens `file`, writes and closes it. On failure errno is the first error.
bool writeFile(const char *file, int flags, const char *text, size_t length) {
  const int descriptor = open(file, O_WRONLY | O_CLOEXEC | flags, 0644);
  if (descriptor < 0)
    return false;
  const bool written = writeAll(descriptor, text, length);
  const int error = errno;
  const bool closed = close(descriptor) == 0;
  if (!written)
    errno = error;
  return written && closed;
}

/// Writes beside the file and renames, so that a reader sees an old or a new snapshot, never half of one. What is not
/// a regular file (a device, a pipe) is written to instead: renaming would put a file in its place. In a directory that
/// others may write to, the file beside it could be a link of theirs to any file of ours: it has to be a new one.
bool replaceFile(const char *file, const char *text, size_t length) {
  struct stat known;
  if (stat(file, &known) == 0 && !S_ISREG(known.st_mode))
    return writeFile(file, O_NONBLOCK, text, length); // without a reader a pipe is an error, not a wait

  char beside[PATH_MAX];
  const int size = snprintf(beside, sizeof beside, "%s.%d.tmp", file, static_cast<int>(getpid()));
  if (size < 0 || static_cast<size_t>(size) >= sizeof beside) {
    errno = ENAMETOOLONG;
    return false;
  }
  unlink(beside); // one that an earlier process of this number has left
  if (writeFile(beside, O_CREAT | O_EXCL, text, length) && rename(beside, file) == 0)
    return true;
  const int error = errno;
  unlink(beside);
  errno = error;
  return false;
}

/// Makes a snapshot in memory that the caller frees; null when memory is short.
char *makeSnapshot(size_t &length) {
  // What is counted has more digits from one look to the next.
  constexpr size_t kSlack = 4096;
  char *text = nullptr;
  for (size_t size = 0;;) {
    const int needed = formatSnapshot(text, size);
    if (needed >= 0 && static_cast<size_t>(needed) < size) {
      length = static_cast<size_t>(needed);
      return text;
    }
    free(text);
    size = static_cast<size_t>(needed) + kSlack;
    text = needed >= 0 ? static_cast<char *>(malloc(size)) : nullptr;
    if (!text)
      return nullptr;
  }
}

} // namespace

void writeSnapshot() {
  size_t length;
  char *text = makeSnapshot(length);
  if (!text) {
    logMessage("out of memory for a snapshot");
    return;
  }
  if (!coreOptions.snapshotFile)
    writeAll(STDERR_FILENO, text, length);
  else if (!replaceFile(coreOptions.snapshotFile, text, length))
    logMessage("cannot write the snapshot '%s': %s", coreOptions.snapshotFile, strerror(errno));
  free(text);
}

} // namespace flux
