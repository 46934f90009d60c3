/// interpose_loading.cpp - calls that load libraries, for the sake of those that escape: a library that is bound to its
/// own dependencies first, or has a libc of its own, calls libc's functions and not ours, and so keeps the loop.
///
/// Where libc looks for a library depends on who calls, so the calls are handed on by a jump.
#include "core/log.h"
#include "core/os/real.h"
#include "posix/interpose.h"

#include <dlfcn.h>

namespace flux {

void linkLoading() {}

namespace {

constexpr char kEffect[] = "so calls that it makes keep the event loop when they wait";

} // namespace
} // namespace flux

using namespace flux;

#if defined(__clang__)
#define FLUX_HAND_ON [[clang::musttail]] return
#else
#define FLUX_HAND_ON return
#endif

void *dlopen(const char *file, int mode) noexcept {
  if (file && (mode & RTLD_DEEPBIND) && !(mode & RTLD_NOLOAD))
    logMessage("library '%s' is loaded with RTLD_DEEPBIND, %s", file, kEffect);
  FLUX_HAND_ON real::dlopen(file, mode);
}

void *dlmopen(Lmid_t space, const char *file, int mode) noexcept {
  if (file && space != LM_ID_BASE && !(mode & RTLD_NOLOAD))
    logMessage("library '%s' is loaded by dlmopen(), %s", file, kEffect);
  FLUX_HAND_ON real::dlmopen(space, file, mode);
}
