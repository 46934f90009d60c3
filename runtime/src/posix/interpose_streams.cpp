/// interpose_streams.cpp - streams of stdio on sockets and pipes. Within libc a stream reads and writes by calls that
/// cannot be interposed, unless it is one of fopencookie(): so fdopen() and popen() make those.
///
/// Streams on anything else are libc's own, and so are those that nobody has opened by these calls.
#include "core/os/mutex.h"
#include "core/os/real.h"
#include "posix/helpers.h"
#include "posix/interpose.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

extern "C" {
int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list arguments);
}

namespace flux {

void linkStreams() {}

namespace {

/// What a stream of ours stands for; its cookie.
struct Stream {
  int fd;
  FILE *stream;
  FILE *command; // popen()'s own stream, which has the descriptor and knows the process
  Stream *next;
};

/// The streams that are open, by address: libc knows no descriptor of a stream with a cookie, so fileno() asks here.
class Streams {
public:
  void add(Stream &stream) {
    MutexLock guard(mutex);
    Stream *&first = firstLike(stream.stream);
    stream.next = first;
    first = &stream;
  }
  void remove(Stream &stream) {
    MutexLock guard(mutex);
    Stream **link = &firstLike(stream.stream);
    while (*link != &stream)
      link = &(*link)->next;
    *link = stream.next;
  }
  /// Null if the stream is libc's own. What it returns lives as long as the stream is open.
  Stream *find(FILE *stream) {
    MutexLock guard(mutex);
    Stream *each = firstLike(stream);
    while (each && each->stream != stream)
      each = each->next;
    return each;
  }

private:
  static constexpr size_t kLists = 1024;

  Stream *&firstLike(FILE *stream) FLUX_REQUIRES(mutex) {
    constexpr size_t kGranularity = 64;
    return lists[reinterpret_cast<uintptr_t>(stream) / kGranularity % kLists];
  }

  Mutex mutex;
  Stream *lists[kLists] FLUX_GUARDED_BY(mutex) = {};
};

Streams streams;

ssize_t readStream(void *cookie, char *buffer, size_t size) {
  return read(static_cast<Stream *>(cookie)->fd, buffer, size);
}

/// Of an error, fopencookie() wants to know 0.
ssize_t writeStream(void *cookie, const char *buffer, size_t size) {
  const ssize_t written = write(static_cast<Stream *>(cookie)->fd, buffer, size);
  return written < 0 ? 0 : written;
}

int seekStream(void *, off64_t *, int) {
  errno = ESPIPE;
  return -1;
}

int closeStream(void *cookie) {
  auto *stream = static_cast<Stream *>(cookie);
  streams.remove(*stream);
  FILE *command = stream->command;
  const int result = command ? lookupHelpers.make([=] { return real::pclose(command); }) : close(stream->fd);
  const int error = errno;
  free(stream);
  errno = error;
  return result;
}

/// Opens a stream that blocks jobs rather than the thread. Null with errno set: EINVAL, ENOMEM.
FILE *openStream(int fd, const char *mode, FILE *command) {
  auto *stream = static_cast<Stream *>(malloc(sizeof(Stream)));
  if (!stream)
    return nullptr;
  FILE *opened = fopencookie(stream, mode, {readStream, writeStream, seekStream, closeStream});
  *stream = {fd, opened, command, nullptr};
  if (opened)
    streams.add(*stream);
  else
    free(stream);
  return opened;
}

/// Whether reading or writing may have to wait for somebody else.
bool waitsForOthers(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && (S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode));
}

/// Whether the descriptor may be used as the mode says; EINVAL otherwise.
bool isModeOf(int fd, const char *mode) {
  const int flags = fcntl(fd, F_GETFL) & O_ACCMODE;
  const bool both = strchr(mode, '+') != nullptr;
  const bool reads = mode[0] == 'r' || both, writes = mode[0] != 'r' || both;
  if (strchr("rwa", mode[0]) && mode[0] && !(reads && flags == O_WRONLY) && !(writes && flags == O_RDONLY))
    return true;
  errno = EINVAL;
  return false;
}

} // namespace
} // namespace flux

using namespace flux;

FILE *fdopen(int fd, const char *mode) noexcept {
  if (!waitsForOthers(fd))
    return real::fdopen(fd, mode);
  if (!isModeOf(fd, mode))
    return nullptr;
  if (strchr(mode, 'e'))
    fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) | FD_CLOEXEC);
  return openStream(fd, mode, nullptr);
}

int fileno(FILE *stream) noexcept {
  const Stream *ours = streams.find(stream);
  return ours ? ours->fd : real::fileno(stream);
}

int fileno_unlocked(FILE *stream) noexcept { return fileno(stream); }

FILE *popen(const char *command, const char *mode) {
  FILE *started = real::popen(command, mode);
  if (!started)
    return nullptr;
  FILE *stream = openStream(real::fileno(started), mode, started);
  if (!stream)
    real::pclose(started);
  return stream;
}

// fclose() returns what closeStream() does.
int pclose(FILE *stream) { return streams.find(stream) ? fclose(stream) : real::pclose(stream); }

int vdprintf(int fd, const char *format, va_list arguments) {
  char *text;
  const int length = vasprintf(&text, format, arguments);
  if (length < 0)
    return -1;
  const ssize_t written = write(fd, text, static_cast<size_t>(length));
  const int error = errno;
  free(text);
  errno = error;
  return static_cast<int>(written);
}

int dprintf(int fd, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int written = vdprintf(fd, format, arguments);
  va_end(arguments);
  return written;
}

int __vdprintf_chk(int fd, int, const char *format, va_list arguments) { return vdprintf(fd, format, arguments); }

int __dprintf_chk(int fd, int, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int written = vdprintf(fd, format, arguments);
  va_end(arguments);
  return written;
}
