/// interpose_streams.cpp - what streams of stdio read and write by. Within libc that is calls that cannot be
/// interposed, unless a stream is one of fopencookie(): so fopen(), fdopen() and popen() make those where others are
/// waited for, and such streams stand in the place of the standard ones.
///
/// Streams on files are libc's own, and so are those that nobody has opened by these calls.
#include "core/os/libc_streams.h"
#include "core/os/mutex.h"
#include "core/os/real.h"
#include "core/os/sanitizers.h"
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
  /// Around fork().
  void hold() FLUX_ATTRIBUTE(no_thread_safety_analysis) { mutex.lock(); }
  void letGo() FLUX_ATTRIBUTE(no_thread_safety_analysis) { mutex.unlock(); }
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

constinit Streams streams;

ssize_t readStream(void *cookie, char *buffer, size_t size) {
  return read(static_cast<Stream *>(cookie)->fd, buffer, size);
}

/// Of an error, fopencookie() wants to know 0.
ssize_t writeStream(void *cookie, const char *buffer, size_t size) {
  const ssize_t written = write(static_cast<Stream *>(cookie)->fd, buffer, size);
  return written < 0 ? 0 : written;
}

int seekStream(void *cookie, off64_t *offset, int from) {
  const off64_t place = lseek64(static_cast<Stream *>(cookie)->fd, *offset, from);
  *offset = place;
  return place < 0 ? -1 : 0;
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
  FILE *stream = real::fdopen(fd, mode);
  if (stream)
    stream->_fileno = -1;
  return stream;
}

/// Opens a stream that blocks jobs rather than the thread. Null with errno set: EINVAL, ENOMEM.
FILE *openStream(int fd, const char *mode, FILE *command) {
  auto *stream = static_cast<Stream *>(malloc(sizeof(Stream)));
  const char plain[] = {mode[0], strchr(mode, '+') ? '+' : '\0', '\0'};
  FILE *wide = openEmpty(fd, plain);
  FILE *opened =
      stream && wide ? fopencookie(stream, plain, {readStream, writeStream, seekStream, closeStream}) : nullptr;
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

/// A standard stream: the variable that names it, libc's own, and what stands in its place.
struct Standard {
  FILE **variable;
  const char *mode;
  FILE *libcs;
  FILE *ours;
};
constinit Standard standards[] = {{&stdin, "r"}, {&stdout, "w"}, {&stderr, "w"}};

/// Before a stream goes. Programs go on to use a standard stream that they have closed: libc's own stands there for
/// good.
void forgetStandard(const FILE *stream) {
  for (Standard &standard : standards)
    if (stream == standard.ours) {
      *standard.variable = standard.libcs;
      standard.ours = nullptr;
      standard.libcs->_fileno = -1;
      closeEmpty(standard.libcs);
    }
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
    forgetStandard(stream);
    destroy(ours);
  }
  return reopened;
}

/// Whether reading or writing may have to wait for somebody else. Files wait for the disk alone, and are left to libc:
/// libraries hold spin locks of their own while they read their configuration, where no flow may be parked.
bool waitsForOthers(const struct stat &status) {
  return S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode);
}

/// What open() is to be told for a stream of the mode; -1 with errno set if there is none.
int flagsOf(const char *mode) {
  static constexpr char kKinds[] = "rwa";
  const char *kind = strchr(kKinds, mode[0]);
  if (!kind || !*kind) {
    errno = EINVAL;
    return -1;
  }
  constexpr int kFlags[] = {O_RDONLY, O_WRONLY | O_CREAT | O_TRUNC, O_WRONLY | O_CREAT | O_APPEND};
  int flags = kFlags[kind - kKinds];
  if (strchr(mode, '+'))
    flags = (flags & ~O_ACCMODE) | O_RDWR;
  return flags | (strchr(mode, 'x') ? O_EXCL : 0) | (strchr(mode, 'e') ? O_CLOEXEC : 0);
}

/// Makes a stream of the mode ready for a descriptor that is open; false with errno set.
bool prepare(int fd, const char *mode) {
  const int wanted = flagsOf(mode), flags = fcntl(fd, F_GETFL);
  if (wanted < 0 || flags < 0)
    return false;
  if ((flags & O_ACCMODE) != O_RDWR && (flags & O_ACCMODE) != (wanted & O_ACCMODE)) {
    errno = EINVAL;
    return false;
  }
  if (wanted & O_CLOEXEC)
    fcntl(fd, F_SETFD, fcntl(fd, F_GETFD) | FD_CLOEXEC);
  return !(wanted & O_APPEND) || (flags & O_APPEND) || fcntl(fd, F_SETFL, flags | O_APPEND) == 0;
}

/// Puts streams in the place of the standard ones, whose variables may be set. Before anybody has looked at them.
void replaceStandardStreams() {
  const int saved = errno;
  for (int fd = 0; fd < 3; ++fd) {
    Standard &standard = standards[fd];
    FILE *ours = openStream(fd, standard.mode, nullptr);
    if (!ours)
      continue; // it is closed, or cannot be used so
    if (fd == STDERR_FILENO)
      setvbuf(ours, nullptr, _IONBF, 0);
    else if (isatty(fd))
      setvbuf(ours, nullptr, _IOLBF, 0);
    standard.libcs = *standard.variable;
    standard.ours = *standard.variable = ours;
  }
  errno = saved;
}

#if defined(FLUX_TSAN) || defined(FLUX_ASAN)
__attribute__((constructor(101))) void beforeOthers() { replaceStandardStreams(); } // these have to be ready
#else
// Before libraries, of which that of C++ remembers the streams.
__attribute__((section(".preinit_array"), used)) void (*const beforeAll)() = replaceStandardStreams;
#endif

// A forked child goes on with the list as it was, which nobody has been changing.
__attribute__((constructor)) void prepareForks() {
  pthread_atfork([] { streams.hold(); }, [] { streams.letGo(); }, [] { streams.letGo(); });
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
  forEachLibcStream([&](FILE &stream) {
    if (!isOnStack(stream) && isPending(stream) && !streams.find(&stream) && real::fflush(&stream) != 0)
      result = EOF;
  });
  _IO_list_unlock();
  return result;
}

} // namespace
} // namespace flux

using namespace flux;

FILE *fdopen(int fd, const char *mode) noexcept {
  struct stat status;
  if (fstat(fd, &status) != 0 || !waitsForOthers(status))
    return real::fdopen(fd, mode);
  return prepare(fd, mode) ? openStream(fd, mode, nullptr) : nullptr;
}

FILE *fopen(const char *path, const char *mode) {
  const int saved = errno;
  struct stat status;
  const bool waits = real::stat(path, &status) == 0 && waitsForOthers(status);
  errno = saved;
  const int flags = waits ? flagsOf(mode) : 0;
  if (!waits || flags < 0)
    return real::fopen(path, mode);
  const int fd = open(path, flags, 0666);
  FILE *stream = fd < 0 ? nullptr : openStream(fd, mode, nullptr);
  if (fd >= 0 && !stream)
    close(fd);
  return stream;
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
  forgetStandard(stream);
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
