/// interpose_wide.cpp - calls for wide characters on streams of stdio, which is locked meanwhile as for others; see
/// interpose_stdio.cpp. A stream that has had one reads and writes by libc's own calls.
#include "posix/stream_calls.h"

#include "posix/interpose.h"

#include <wchar.h>

// What headers turn calls into, as in interpose_stdio.cpp.
extern "C" {
wchar_t *__fgetws_chk(wchar_t *line, size_t room, int size, FILE *stream);
int __wprintf_chk(int flag, const wchar_t *format, ...);
int __fwprintf_chk(FILE *stream, int flag, const wchar_t *format, ...);
int __vwprintf_chk(int flag, const wchar_t *format, va_list arguments);
int __isoc99_vwscanf(const wchar_t *format, va_list arguments);
int __isoc99_fwscanf(FILE *stream, const wchar_t *format, ...);
int __isoc99_wscanf(const wchar_t *format, ...);
int earlierVfwscanf(FILE *stream, const wchar_t *format, va_list arguments) __asm__("vfwscanf");
int earlierVwscanf(const wchar_t *format, va_list arguments) __asm__("vwscanf");
int earlierFwscanf(FILE *stream, const wchar_t *format, ...) __asm__("fwscanf");
int earlierWscanf(const wchar_t *format, ...) __asm__("wscanf");
}

namespace flux {

void linkWide() {}

} // namespace flux

using namespace flux;

FLUX_STREAM_CALL(wchar_t *, fgetws, stream, (wchar_t * line, int size, FILE *stream), (line, size, stream))
FLUX_STREAM_CALL(wint_t, fgetwc, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(wint_t, getwc, stream, (FILE * stream), (stream))
FLUX_STREAM_CALL(wint_t, getwchar, stdin, (), ())
FLUX_STREAM_CALL(wint_t, ungetwc, stream, (wint_t character, FILE *stream), (character, stream))
FLUX_STREAM_CALL(int, __isoc99_vfwscanf, stream, (FILE * stream, const wchar_t *format, va_list arguments),
                 (stream, format, arguments))

FLUX_STREAM_CALL(wint_t, fputwc, stream, (wchar_t character, FILE *stream), (character, stream))
FLUX_STREAM_CALL(wint_t, putwc, stream, (wchar_t character, FILE *stream), (character, stream))
FLUX_STREAM_CALL(wint_t, putwchar, stdout, (wchar_t character), (character))
FLUX_STREAM_CALL(int, fputws, stream, (const wchar_t *text, FILE *stream), (text, stream))
FLUX_STREAM_CALL(int, vfwprintf, stream, (FILE * stream, const wchar_t *format, va_list arguments),
                 (stream, format, arguments))
FLUX_STREAM_CALL(int, __vfwprintf_chk, stream, (FILE * stream, int flag, const wchar_t *format, va_list arguments),
                 (stream, flag, format, arguments))
FLUX_STREAM_CALL(int, fwide, stream, (FILE * stream, int mode) noexcept, (stream, mode))

int earlierVfwscanf(FILE *stream, const wchar_t *format, va_list arguments) {
  const StreamLock lock(stream);
  return real::vfwscanf(stream, format, arguments);
}
int earlierVwscanf(const wchar_t *format, va_list arguments) { return earlierVfwscanf(stdin, format, arguments); }
int __isoc99_vwscanf(const wchar_t *format, va_list arguments) { return __isoc99_vfwscanf(stdin, format, arguments); }
int vwprintf(const wchar_t *format, va_list arguments) { return vfwprintf(stdout, format, arguments); }
int __vwprintf_chk(int flag, const wchar_t *format, va_list arguments) {
  return __vfwprintf_chk(stdout, flag, format, arguments);
}
wchar_t *__fgetws_chk(wchar_t *line, size_t room, int size, FILE *stream) {
  return size <= 0 || static_cast<size_t>(size) <= room ? fgetws(line, size, stream) : (__chk_fail(), nullptr);
}

FLUX_VARYING_CALL(earlierFwscanf, format, (FILE * stream, const wchar_t *format, ...),
                  earlierVfwscanf(stream, format, arguments))
FLUX_VARYING_CALL(earlierWscanf, format, (const wchar_t *format, ...), earlierVfwscanf(stdin, format, arguments))
FLUX_VARYING_CALL(__isoc99_fwscanf, format, (FILE * stream, const wchar_t *format, ...),
                  __isoc99_vfwscanf(stream, format, arguments))
FLUX_VARYING_CALL(__isoc99_wscanf, format, (const wchar_t *format, ...), __isoc99_vfwscanf(stdin, format, arguments))
FLUX_VARYING_CALL(fwprintf, format, (FILE * stream, const wchar_t *format, ...), vfwprintf(stream, format, arguments))
FLUX_VARYING_CALL(wprintf, format, (const wchar_t *format, ...), vfwprintf(stdout, format, arguments))
FLUX_VARYING_CALL(__fwprintf_chk, format, (FILE * stream, int flag, const wchar_t *format, ...),
                  __vfwprintf_chk(stream, flag, format, arguments))
FLUX_VARYING_CALL(__wprintf_chk, format, (int flag, const wchar_t *format, ...),
                  __vfwprintf_chk(stdout, flag, format, arguments))
