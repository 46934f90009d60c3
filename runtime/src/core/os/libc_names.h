/// libc_names.h - libc's own functions behind those that this library defines, in a static program, where nobody could
/// be asked for them at run time: there the linker gives both a name (--wrap). Whoever calls NAME calls __wrap_NAME,
/// which this library defines, and __real_NAME is libc's. FLUX_WRAPS: so it is with what posix/ interposes; else only
/// with pthread_exit().
#ifndef FLUX_CORE_OS_LIBC_NAMES_H
#define FLUX_CORE_OS_LIBC_NAMES_H

#include "core/os/real.h"

#pragma GCC diagnostic ignored                                                                                         \
    "-Wignored-attributes" // gcc, of attributes of functions that pointers to them do not keep

#ifdef FLUX_WRAPS
#define FLUX_LIBC_NAME(NAME) "__real_" #NAME
#else
#define FLUX_LIBC_NAME(NAME) #NAME
#endif

#define FLUX_INTERPOSED(NAME, EFFECT) extern "C" decltype(::NAME) flux_libc_##NAME __asm__(FLUX_LIBC_NAME(NAME));
#include "core/os/interposed.def"

#endif // FLUX_CORE_OS_LIBC_NAMES_H
