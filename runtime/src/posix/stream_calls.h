/// stream_calls.h - how calls on streams of stdio are defined in libc's place. Comes before other headers.
#ifndef FLUX_POSIX_STREAM_CALLS_H
#define FLUX_POSIX_STREAM_CALLS_H

#ifndef __NO_INLINE__
#define __NO_INLINE__ // libc's headers would define some of the calls, too.
#endif

#include "core/os/real.h"
#include "posix/stream_lock.h"

#include <stdarg.h>

// What is called where the size of a buffer is known, and was exceeded.
extern "C" [[noreturn]] void __chk_fail(void) noexcept;

/// Defines a call on STREAM as libc's own, with the stream locked. PARAMETERS may have noexcept behind them.
#define FLUX_STREAM_CALL(RESULT, NAME, STREAM, PARAMETERS, ARGUMENTS)                                                  \
  RESULT NAME PARAMETERS {                                                                                             \
    const flux::StreamLock lock(STREAM);                                                                               \
    return flux::real::NAME ARGUMENTS;                                                                                 \
  }

/// Defines a call whose arguments vary, those behind LAST, by a call with a list of them, `arguments`.
#define FLUX_VARYING_CALL(NAME, LAST, PARAMETERS, CALL)                                                                \
  int NAME PARAMETERS {                                                                                                \
    va_list arguments;                                                                                                 \
    va_start(arguments, LAST);                                                                                         \
    const int result = CALL;                                                                                           \
    va_end(arguments);                                                                                                 \
    return result;                                                                                                     \
  }

#endif // FLUX_POSIX_STREAM_CALLS_H
