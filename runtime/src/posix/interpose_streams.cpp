/// interpose_streams.cpp - streams of stdio on sockets and pipes. Within libc a stream reads and writes by calls that
/// cannot be interposed, unless it is one of fopencookie(): so fdopen() and popen() make those.
///
/// Streams on anything else are libc's own, and so are those that nobody has opened by these calls.
#include "core/os/mutex.h"
#include "core/os/real.h"
#include "fiber/scheduler.h"
#include "posix/blocking.h"
#include "posix/closing.h"
#include "posix/helpers.h"
#include "posix/interpose.h"
#include "posix/stream_lock.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

extern "C" {
// libc's list of streams, for which its headers have no names.
void _IO_list_lock(void);
void _IO_list_unlock(void);
FILE *_IO_iter_begin(void);
FILE *_IO_iter_end(void);
FILE *_IO_iter_next(FILE *position);
FILE *_IO_iter_file(FILE *position);

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
  FILE *wide;    // a stream without a file, whose room for wide characters it has: libc gives none to one with a cookie
  FILE *command; // popen()'s own stream, which has the descriptor and knows the process
  bool isReopened; // by freopen()
  unsigned users;  // who keep it from being closed
  Stream *next;
};

/// Whether the stream is libc's own by now, but for that room: freopen() makes it so, and so does the first wide
/// character.
bool isLibcs(const Stream &stream) { return stream.isReopened || stream.stream->_mode > 0; }

/// The streams that are open, by address.
class Streams {
public:
  void add(Stream &stream) {
    MutexLock guard(mutex);
    Stream *&first = firstLike(stream.stream);
    stream.next = first;
    first = &stream;
  }
  /// Waits until forEach() is done with it.
  void remove(Stream &stream) {
    while (!tryRemove(stream))
      if (Scheduler *scheduler = Scheduler::current())
        pauseBriefly(*scheduler, kNever);
      else
        real::sched_yield();
  }
  /// Null if the stream is libc's own. What it returns lives as long as the stream is open.
  Stream *find(FILE *stream) {
    MutexLock guard(mutex);
    Stream *each = firstLike(stream);
    while (each && each->stream != stream)
      each = each->next;
    return each;
  }
  /// Calls f(stream) for each, none of which is closed meanwhile.
  template <typename F> void forEach(F f) {
    for (size_t i = 0; i < kLists; ++i)
      for (Stream *each = use(i, nullptr); each; each = use(i, each))
        f(*each);
  }

private:
  static constexpr size_t kLists = 1024;

  bool tryRemove(Stream &stream) {
    MutexLock guard(mutex);
    if (stream.users > 0)
      return false;
    Stream **link = &firstLike(stream.stream);
    while (*link != &stream)
      link = &(*link)->next;
    *link = stream.next;
    return true;
  }
  /// Goes on in a list, from one that has been used.
  Stream *use(size_t list, Stream *used) {
    MutexLock guard(mutex);
    Stream *next = used ? used->next : lists[list];
    if (used)
      --used->users;
    if (next)
      ++next->users;
    return next;
  }

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
  FILE *command = stream->command;
  const int result = command ? lookupHelpers.make([=] { return real::pclose(command); }) : close(stream->fd);
  return result;
}

/// Closes a stream that stands for no file.
void closeEmpty(FILE *stream) {
  const int saved = errno;
  real::fclose(stream); // which fails, since there is nothing to close, and frees it
  errno = saved;
}

/// Makes a stream of the mode that stands for no file.
FILE *openEmpty(int fd, const char *mode) {
  const char plain[] = {mode[0] == 'r' ? 'r' : 'w', strchr(mode, '+') ? '+' : '\0', '\0'};
  FILE *stream = real::fdopen(fd, plain);
  if (stream)
    stream->_fileno = -1;
  return stream;
}

/// Opens a stream that blocks jobs rather than the thread. Null with errno set: EINVAL, ENOMEM.
FILE *openStream(int fd, const char *mode, FILE *command) {
  auto *stream = static_cast<Stream *>(malloc(sizeof(Stream)));
  FILE *wide = openEmpty(fd, mode);
  FILE *opened =
      stream && wide ? fopencookie(stream, mode, {readStream, writeStream, seekStream, closeStream}) : nullptr;
  if (!opened) {
    free(stream);
    if (wide)
      closeEmpty(wide);
    return nullptr;
  }
  // As the streams of fdopen(): libc does it for none with a cookie, and crashes at wide characters and freopen().
  opened->_fileno = fd;
  opened->_mode = 0;
  opened->_wide_data = wide->_wide_data;
  *stream = {fd, opened, wide, command, false, 0, nullptr};
  streams.add(*stream);
  return opened;
}

/// Frees what belongs to a stream that libc has closed.
void destroy(Stream *stream) {
  closeEmpty(stream->wide);
  free(stream);
}

/// Closes a stream that libc has made its own as the one of popen() that it has been: waits for the process, too.
int closeCommand(Stream &stream) {
  if (!stream.isReopened)
    stream.command->_fileno = dup(stream.fd); // which libc closes with the stream
  const int flushed = real::fclose(stream.stream);
  const int status = lookupHelpers.make([&] { return real::pclose(stream.command); });
  return flushed == 0 ? status : flushed;
}

/// Has libc open the stream anew, which makes it its own. A process of popen() is waited for when it is closed.
template <typename F> FILE *reopenBy(FILE *stream, F reopen) {
  StreamLock lock(stream);
  Stream *ours = streams.find(stream);
  if (ours)
    fflush(stream); // by our calls, which wait for the number while it is being closed
  const Closing closing(fileno(stream));
  if (!ours)
    return reopen();
  // libc closes all of these in the next process that popen() begins, so it has to have one.
  if (ours->command && !ours->isReopened)
    ours->command->_fileno = static_cast<int>(syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC));
  FILE *reopened = reopen();
  if (reopened) {
    ours->isReopened = true;
  } else {
    lock.forget();
    streams.remove(*ours);
    destroy(ours);
  }
  return reopened;
}

/// Whether reading or writing may have to wait for somebody else.
bool waitsForOthers(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && (S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode));
}

/// Opens a stream on a FIFO, whose other end is waited for; null with errno set.
FILE *openFifo(const char *path, const char *mode) {
  const int access = strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  const int fd = open(path, access | (strchr(mode, 'e') ? O_CLOEXEC : 0));
  if (fd < 0)
    return nullptr;
  FILE *stream = openStream(fd, mode, nullptr);
  if (!stream)
    close(fd);
  return stream;
}

bool isFifo(const char *path) {
  const int saved = errno;
  struct stat status;
  const bool result = real::stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
  errno = saved;
  return result;
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

/// Whether something is to be written. Any thread; the stream may be in use.
bool isPending(const FILE &stream) {
  return __atomic_load_n(&stream._IO_write_ptr, __ATOMIC_RELAXED) >
         __atomic_load_n(&stream._IO_write_base, __ATOMIC_RELAXED);
}

/// fflush() of all streams, in a job. libc would hold its list of them meanwhile, so that nobody could open or close
/// one, and would not know streams that other flows of the thread have locked.
int flushAll() {
  int result = 0;
  streams.forEach([&](Stream &each) {
    if (isPending(*each.stream) && fflush(each.stream) != 0)
      result = EOF;
  });
  _IO_list_lock();
  for (FILE *at = _IO_iter_begin(); at != _IO_iter_end(); at = _IO_iter_next(at)) {
    FILE *stream = _IO_iter_file(at);
    if (isPending(*stream) && !streams.find(stream) && real::fflush(stream) != 0)
      result = EOF;
  }
  _IO_list_unlock();
  return result;
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

FILE *fopen(const char *path, const char *mode) {
  return Scheduler::current() && strchr("rwa", mode[0]) && isFifo(path) ? openFifo(path, mode)
                                                                        : real::fopen(path, mode);
}

FILE *fopen64(const char *path, const char *mode) { return fopen(path, mode); }

FILE *freopen(const char *path, const char *mode, FILE *stream) {
  return reopenBy(stream, [=] { return real::freopen(path, mode, stream); });
}

FILE *freopen64(const char *path, const char *mode, FILE *stream) {
  return reopenBy(stream, [=] { return real::freopen64(path, mode, stream); });
}

int fflush(FILE *stream) {
  if (!stream && Scheduler::current())
    return flushAll();
  if (!stream)
    return real::fflush(nullptr);
  const StreamLock lock(stream);
  return real::fflush(stream);
}

// Within libc a stream is closed by a call that cannot be interposed; one of ours by closeStream().
int fclose(FILE *stream) {
  Stream *ours = streams.find(stream);
  if (ours)
    streams.remove(*ours); // before another one may have its address
  StreamLock lock(stream);
  lock.forget(); // it goes with the stream
  const Closing closing(ours && !isLibcs(*ours) ? -1 : fileno(stream));
  const int result = ours && ours->command && isLibcs(*ours) ? closeCommand(*ours) : real::fclose(stream);
  if (ours)
    destroy(ours);
  return result;
}

FILE *popen(const char *command, const char *mode) {
  FILE *started = real::popen(command, mode);
  if (!started)
    return nullptr;
  FILE *stream = openStream(fileno(started), mode, started);
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
