/// interpose_files.cpp - calls that may wait for the disk. On a loop without helpers for that they make everybody wait.
#include "core/os/real.h"
#include "posix/blocking.h"
#include "posix/files.h"
#include "posix/interpose.h"
#include "posix/vectors.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

// What <features.h> turns calls into when more is known of their arguments (-D_FORTIFY_SOURCE).
extern "C" {
[[noreturn]] void __chk_fail(void) noexcept;
ssize_t __pread_chk(int fd, void *buffer, size_t count, off_t offset, size_t capacity);
ssize_t __pread64_chk(int fd, void *buffer, size_t count, off64_t offset, size_t capacity);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int directory, const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);
}

namespace flux {

void linkFiles() {}

bool waitsForDisk(int fd) {
  if (!fileHelpers.isOpen())
    return false;
  const SavedErrno before;
  struct stat status;
  const bool known = statusOf(fd, status) == 0;
  before.resultOf(0);
  return known && (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode));
}

ssize_t readFile(const FileCall &call, int fd, const iovec *parts, int count, off_t offset) {
  const SavedErrno before;
  const size_t total = sizeOf(parts, static_cast<size_t>(count));
  size_t done = 0;
  while (done < total) {
    const Window rest(parts, static_cast<size_t>(count), done);
    const off_t from = offset < 0 ? -1 : offset + static_cast<off_t>(done);
    const auto numParts = static_cast<int>(rest.count);
    // What is in memory is there at once; for anything else that this says, the other call knows better.
    ssize_t result = call.attempt([&] { return real::preadv2(fd, rest.parts, numParts, from, RWF_NOWAIT); });
    if (result < 0)
      result = call.make(fileHelpers, [&] {
        return from < 0 ? real::readv(fd, rest.parts, numParts) : real::preadv(fd, rest.parts, numParts, from);
      });
    if (result <= 0)
      return done > 0 ? before.resultOf(static_cast<ssize_t>(done)) : result;
    done += static_cast<size_t>(result);
  }
  return before.resultOf(static_cast<ssize_t>(done));
}

namespace {

/// Has the system read a part of a file into its memory.
void readThrough(const FileCall &call, int fd, off_t offset, off_t end) {
  constexpr size_t kAtOnce = 64 * 1024;
  // Not on the stack: without helpers that is a flow's, which may be no larger.
  void *buffer = malloc(kAtOnce);
  if (!buffer)
    return;
  for (off_t at = offset; at < end; at += kAtOnce)
    if (call.attempt([=] { return real::pread(fd, buffer, kAtOnce, at); }) <= 0)
      break;
  free(buffer);
}

} // namespace

void fetchFile(const FileCall &call, int fd, off_t offset, size_t size) {
  if (size == 0 || offset < 0)
    return; // An offset of -1 would stand for the file's position, and move it.
  const SavedErrno before;
  char probe;
  const iovec part = {&probe, 1};
  const off_t end = offset + static_cast<off_t>(size);
  const auto isInMemory = [&](off_t at) {
    return call.attempt([&] { return real::preadv2(fd, &part, 1, at, RWF_NOWAIT); }) >= 0;
  };
  if (!isInMemory(offset) || !isInMemory(end - 1))
    fileHelpers.make([&] {
      readThrough(call, fd, offset, end);
      return 0;
    });
  before.resultOf(0);
}

namespace {

template <typename F> ssize_t readAt(int fd, const iovec *parts, int count, off_t offset, F call) {
  const bool ordinary = count > 0 && count <= IOV_MAX && offset >= 0;
  if (!Scheduler::current() || !ordinary || !fileHelpers.isOpen())
    return call();
  const FileCall guarded(fd);
  return waitsForDisk(fd) ? readFile(guarded, fd, parts, count, offset) : call();
}

/// Whether opening this waits for another process or flow: a FIFO, for the other end. It takes a system call to know,
/// and only where the loop would wait, so it is asked only there: a helper waits as well as another.
bool waitsForOtherEnd(int directory, const char *path, int flags) {
  constexpr int kNeverWaits = O_NONBLOCK | O_DIRECTORY | O_PATH;
  if (!Scheduler::current() || fileHelpers.isOpen() || (flags & kNeverWaits) || (flags & O_ACCMODE) == O_RDWR)
    return false;
  const SavedErrno before;
  struct stat status;
  const bool isFifo = real::fstatat(directory, path, &status, 0) == 0 && S_ISFIFO(status.st_mode);
  before.resultOf(0);
  return isFifo;
}

/// The system's call rather than libc's, which cannot be passed on: its arguments vary.
int openReally(int directory, const char *path, int flags, mode_t mode) {
  Helpers &helpers = waitsForOtherEnd(directory, path, flags) ? lookupHelpers : fileHelpers;
  return FileCall(directory).make(
      helpers, [=] { return static_cast<int>(real::syscall(SYS_openat, directory, path, flags, mode)); });
}

/// For calls that wait for the disk itself, and not only for what is not in memory: long, and always. So they are not
/// left to a loop that has no helpers for files.
Helpers &syncHelpers() { return fileHelpers.isOpen() ? fileHelpers : lookupHelpers; }

/// The mode that follows the flags of an open() that may create a file.
mode_t modeOf(int flags, va_list arguments) {
  const bool creates = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
  return creates ? va_arg(arguments, mode_t) : 0;
}

} // namespace
} // namespace flux

using namespace flux;

// off_t has 64 bits wherever this builds, so functions for large files are the others.
static_assert(sizeof(off_t) == sizeof(off64_t));

#define FLUX_DEFINE_OPEN(NAME)                                                                                         \
  int NAME(const char *path, int flags, ...) {                                                                         \
    va_list arguments;                                                                                                 \
    va_start(arguments, flags);                                                                                        \
    const mode_t mode = modeOf(flags, arguments);                                                                      \
    va_end(arguments);                                                                                                 \
    return openReally(AT_FDCWD, path, flags, mode);                                                                    \
  }
#define FLUX_DEFINE_OPENAT(NAME)                                                                                       \
  int NAME(int directory, const char *path, int flags, ...) {                                                          \
    va_list arguments;                                                                                                 \
    va_start(arguments, flags);                                                                                        \
    const mode_t mode = modeOf(flags, arguments);                                                                      \
    va_end(arguments);                                                                                                 \
    return openReally(directory, path, flags, mode);                                                                   \
  }
FLUX_DEFINE_OPEN(open)
FLUX_DEFINE_OPEN(open64)
FLUX_DEFINE_OPENAT(openat)
FLUX_DEFINE_OPENAT(openat64)
#undef FLUX_DEFINE_OPEN
#undef FLUX_DEFINE_OPENAT

int creat(const char *path, mode_t mode) { return openReally(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }
int __open_2(const char *path, int flags) { return openReally(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return openReally(AT_FDCWD, path, flags, 0); }
int __openat_2(int directory, const char *path, int flags) { return openReally(directory, path, flags, 0); }
int __openat64_2(int directory, const char *path, int flags) { return openReally(directory, path, flags, 0); }

ssize_t pread(int fd, void *buffer, size_t count, off_t offset) {
  const iovec whole = {buffer, count};
  return readAt(fd, &whole, 1, offset, [&] { return real::pread(fd, buffer, count, offset); });
}

ssize_t preadv(int fd, const iovec *parts, int count, off_t offset) {
  return readAt(fd, parts, count, offset, [&] { return real::preadv(fd, parts, count, offset); });
}

ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset) {
  return FileCall(fd).make(fileHelpers, [=] { return real::pwrite(fd, buffer, count, offset); });
}

ssize_t pwritev(int fd, const iovec *parts, int count, off_t offset) {
  return FileCall(fd).make(fileHelpers, [=] { return real::pwritev(fd, parts, count, offset); });
}

ssize_t pread64(int fd, void *buffer, size_t count, off64_t offset) { return pread(fd, buffer, count, offset); }
ssize_t preadv64(int fd, const iovec *parts, int count, off64_t offset) { return preadv(fd, parts, count, offset); }
ssize_t pwrite64(int fd, const void *buffer, size_t count, off64_t offset) { return pwrite(fd, buffer, count, offset); }
ssize_t pwritev64(int fd, const iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }

ssize_t __pread_chk(int fd, void *buffer, size_t count, off_t offset, size_t capacity) {
  return count <= capacity ? pread(fd, buffer, count, offset) : (__chk_fail(), -1);
}
ssize_t __pread64_chk(int fd, void *buffer, size_t count, off64_t offset, size_t capacity) {
  return __pread_chk(fd, buffer, count, offset, capacity);
}

int fsync(int fd) {
  return FileCall(fd).make(syncHelpers(), [=] { return real::fsync(fd); });
}

int fdatasync(int fd) {
  return FileCall(fd).make(syncHelpers(), [=] { return real::fdatasync(fd); });
}

int stat(const char *path, struct stat *status) noexcept {
  return fileHelpers.make([=] { return real::stat(path, status); });
}

int lstat(const char *path, struct stat *status) noexcept {
  return fileHelpers.make([=] { return real::lstat(path, status); });
}

int fstatat(int directory, const char *path, struct stat *status, int flags) noexcept {
  return FileCall(directory).make(fileHelpers, [=] { return real::fstatat(directory, path, status, flags); });
}

static_assert(sizeof(struct stat) == sizeof(struct stat64));
int stat64(const char *path, struct stat64 *status) noexcept {
  return fileHelpers.make([=] { return real::stat64(path, status); });
}

int lstat64(const char *path, struct stat64 *status) noexcept {
  return fileHelpers.make([=] { return real::lstat64(path, status); });
}

int fstatat64(int directory, const char *path, struct stat64 *status, int flags) noexcept {
  return FileCall(directory).make(fileHelpers, [=] { return real::fstatat64(directory, path, status, flags); });
}

int unlink(const char *path) noexcept {
  return fileHelpers.make([=] { return real::unlink(path); });
}

int rename(const char *from, const char *to) noexcept {
  return fileHelpers.make([=] { return real::rename(from, to); });
}
