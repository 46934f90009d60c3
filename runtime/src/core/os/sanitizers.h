/// sanitizers.h - which sanitizer the runtime is built with, what ThreadSanitizer must be told of system calls, and
/// whether Valgrind runs the process.
#ifndef FLUX_CORE_OS_SANITIZERS_H
#define FLUX_CORE_OS_SANITIZERS_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FLUX_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define FLUX_TSAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define FLUX_ASAN 1
#endif
#ifdef __SANITIZE_THREAD__
#define FLUX_TSAN 1
#endif

// gcc has no such header.
#if defined(FLUX_TSAN) && __has_include(<sanitizer/linux_syscall_hooks.h>)
#include <sanitizer/linux_syscall_hooks.h>
#define FLUX_TSAN_FUTEX 1
#endif

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define FLUX_VALGRIND 1
#endif

namespace flux {

/// LeakSanitizer's functions, which also a server may have whose runtime is the plain one; null in others.
namespace lsan {
extern "C" {
__attribute__((weak)) void registerRootRegion(const void *begin, size_t size) __asm__("__lsan_register_root_region");
__attribute__((weak)) void unregisterRootRegion(const void *begin,
                                                size_t size) __asm__("__lsan_unregister_root_region");
}
} // namespace lsan

/// Whether Valgrind runs the process.
inline bool isUnderValgrind() {
#ifdef FLUX_VALGRIND
  return RUNNING_ON_VALGRIND;
#else
  return false;
#endif
}

/// Stands around a call of futex() that may sleep. ThreadSanitizer keeps a signal until the thread does something that
/// it sees, unless it knows that the thread sleeps; a SIGTERM that the kernel gives to a thread without work would wait
/// for that thread's next work. Nothing in other builds.
class FutexSleep {
public:
#ifdef FLUX_TSAN_FUTEX
  // They look at no argument.
  FutexSleep() { __sanitizer_syscall_pre_futex(0, 0, 0, 0, 0, 0); }
  ~FutexSleep() { __sanitizer_syscall_post_futex(0, 0, 0, 0, 0, 0, 0); }
#else
  FutexSleep() {}
#endif
  FutexSleep(const FutexSleep &) = delete;
  FutexSleep &operator=(const FutexSleep &) = delete;
};

} // namespace flux

#endif // FLUX_CORE_OS_SANITIZERS_H
