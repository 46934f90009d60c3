/// interpose_stdio.cpp - calls on streams of stdio, which is locked meanwhile: by the flow, if one makes the call. What
/// they read and write is another matter: see interpose_streams.cpp.
#include "posix/stream_calls.h"

#include "posix/interpose.h"

// What headers turn calls into: by -D_FORTIFY_SOURCE, when the size of the buffer is known, and for the sake of what
// scanf() was before C99, which has the name still.
extern "C" {
char *__fgets_chk(char *line, size_t room, int size, FILE *stream);
size_t __fread_chk(void *data, size_t room, size_t size, size_t count, FILE *stream);
int __printf_chk(int flag, const char *format, ...);
int __fprintf_chk(FILE *stream, int flag, const char *format, ...);
int __vprintf_chk(int flag, const char *format, va_list arguments);
int __isoc99_vscanf(const char *format, va_list arguments);
int __isoc99_fscanf(FILE *stream, const char *format, ...);
int __isoc99_scanf(const char *format, ...);
int earlierVfscanf(FILE *stream, const char *format, va_list arguments) __asm__("vfscanf");
int earlierVscanf(const char *format, va_list arguments) __asm__("vscanf");
int earlierFscanf(FILE *stream, const char *format, ...) __asm__("fscanf");
int earlierScanf(const char *format, ...) __asm__("scanf");
}

namespace flux {

void linkStdio() {}

} // namespace flux

using namespace flux;

FLUX_STREAM_CALL(char *, fgets, stream, (char *line, int size, FILE *stream), (line, size, stream))
FLUX_STREAM_CALL(int, fgetc, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(int, getc, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(int, getchar, stdin, (), ())
FLUX_STREAM_CALL(int, ungetc, stream, (int byte, FILE *stream), (byte, stream))
FLUX_STREAM_CALL(size_t, fread, stream, (void *data, size_t size, size_t count, FILE *stream),
                 (data, size, count, stream))
FLUX_STREAM_CALL(ssize_t, getline, stream, (char **line, size_t *size, FILE *stream), (line, size, stream))
FLUX_STREAM_CALL(ssize_t, getdelim, stream, (char **line, size_t *size, int end, FILE *stream),
                 (line, size, end, stream))
FLUX_STREAM_CALL(int, __isoc99_vfscanf, stream, (FILE * stream, const char *format, va_list arguments),
                 (stream, format, arguments))

FLUX_STREAM_CALL(int, fputc, stream, (int byte, FILE *stream), (byte, stream))
FLUX_STREAM_CALL(int, putc, stream, (int byte, FILE *stream), (byte, stream))
FLUX_STREAM_CALL(int, putchar, stdout, (int byte), (byte))
FLUX_STREAM_CALL(int, fputs, stream, (const char *text, FILE *stream), (text, stream))
FLUX_STREAM_CALL(int, puts, stdout, (const char *text), (text))
FLUX_STREAM_CALL(size_t, fwrite, stream, (const void *data, size_t size, size_t count, FILE *stream),
                 (data, size, count, stream))
FLUX_STREAM_CALL(int, vfprintf, stream, (FILE * stream, const char *format, va_list arguments),
                 (stream, format, arguments))
FLUX_STREAM_CALL(int, __vfprintf_chk, stream, (FILE * stream, int flag, const char *format, va_list arguments),
                 (stream, flag, format, arguments))
FLUX_STREAM_CALL(void, perror, stderr, (const char *text), (text))

FLUX_STREAM_CALL(int, fseek, stream, (FILE * stream, long offset, int from), (stream, offset, from))
FLUX_STREAM_CALL(int, fseeko, stream, (FILE * stream, off_t offset, int from), (stream, offset, from))
FLUX_STREAM_CALL(long, ftell, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(off_t, ftello, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(void, rewind, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(int, fgetpos, stream, (FILE * stream, fpos_t *place), (stream, place))
FLUX_STREAM_CALL(int, fsetpos, stream, (FILE * stream, const fpos_t *place), (stream, place))

FLUX_STREAM_CALL(int, feof, stream, (FILE * stream) noexcept, (stream))
FLUX_STREAM_CALL(int, ferror, stream, (FILE * stream) noexcept, (stream))
FLUX_STREAM_CALL(void, clearerr, stream, (FILE * stream) noexcept, (stream))
FLUX_STREAM_CALL(int, setvbuf, stream, (FILE * stream, char *buffer, int mode, size_t size) noexcept,
                 (stream, buffer, mode, size))
FLUX_STREAM_CALL(void, setbuf, stream, (FILE * stream, char *buffer) noexcept, (stream, buffer))
FLUX_STREAM_CALL(void, setbuffer, stream, (FILE * stream, char *buffer, size_t size) noexcept, (stream, buffer, size))
FLUX_STREAM_CALL(void, setlinebuf, stream, (FILE * stream) noexcept, (stream))

int earlierVfscanf(FILE *stream, const char *format, va_list arguments) {
  const StreamLock lock(stream);
  return real::vfscanf(stream, format, arguments);
}
int earlierVscanf(const char *format, va_list arguments) { return earlierVfscanf(stdin, format, arguments); }
int __isoc99_vscanf(const char *format, va_list arguments) { return __isoc99_vfscanf(stdin, format, arguments); }
int vprintf(const char *format, va_list arguments) { return vfprintf(stdout, format, arguments); }
int __vprintf_chk(int flag, const char *format, va_list arguments) {
  return __vfprintf_chk(stdout, flag, format, arguments);
}

char *__fgets_chk(char *line, size_t room, int size, FILE *stream) {
  return size <= 0 || static_cast<size_t>(size) <= room ? fgets(line, size, stream) : (__chk_fail(), nullptr);
}
size_t __fread_chk(void *data, size_t room, size_t size, size_t count, FILE *stream) {
  return size == 0 || count <= room / size ? fread(data, size, count, stream) : (__chk_fail(), 0);
}
// The line is the caller's. NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
ssize_t __getdelim(char **line, size_t *size, int end, FILE *stream) { return getdelim(line, size, end, stream); }

// off_t has 64 bits wherever this builds.
static_assert(sizeof(off_t) == sizeof(off64_t));
int fseeko64(FILE *stream, off64_t offset, int from) { return fseeko(stream, offset, from); }
off64_t ftello64(FILE *stream) { return ftello(stream); }
static_assert(sizeof(fpos_t) == sizeof(fpos64_t));
int fgetpos64(FILE *stream, fpos64_t *place) { return fgetpos(stream, reinterpret_cast<fpos_t *>(place)); }
int fsetpos64(FILE *stream, const fpos64_t *place) { return fsetpos(stream, reinterpret_cast<const fpos_t *>(place)); }

FLUX_VARYING_CALL(earlierFscanf, format, (FILE * stream, const char *format, ...),
                  earlierVfscanf(stream, format, arguments))
FLUX_VARYING_CALL(earlierScanf, format, (const char *format, ...), earlierVfscanf(stdin, format, arguments))
FLUX_VARYING_CALL(__isoc99_fscanf, format, (FILE * stream, const char *format, ...),
                  __isoc99_vfscanf(stream, format, arguments))
FLUX_VARYING_CALL(__isoc99_scanf, format, (const char *format, ...), __isoc99_vfscanf(stdin, format, arguments))
FLUX_VARYING_CALL(fprintf, format, (FILE * stream, const char *format, ...), vfprintf(stream, format, arguments))
FLUX_VARYING_CALL(printf, format, (const char *format, ...), vfprintf(stdout, format, arguments))
FLUX_VARYING_CALL(__fprintf_chk, format, (FILE * stream, int flag, const char *format, ...),
                  __vfprintf_chk(stream, flag, format, arguments))
FLUX_VARYING_CALL(__printf_chk, format, (int flag, const char *format, ...),
                  __vfprintf_chk(stdout, flag, format, arguments))

void flockfile(FILE *stream) noexcept { lockStream(stream); }
int ftrylockfile(FILE *stream) noexcept { return tryLockStream(stream); }
void funlockfile(FILE *stream) noexcept { unlockStream(stream); }
