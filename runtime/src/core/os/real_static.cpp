/// real_static.cpp - the functions behind this library's in a static program; see libc_names.h. Linked before what else
/// there is (--undefined), so that names of hosts are looked up only in a program that asks for it: the linker warns of
/// each call that does.
#include "core/os/libc_names.h"

extern "C" const char flux_is_static = 1; // not in the block below, where it would be internal

extern "C" {
[[noreturn]] void exitThreadOfLibc(void *result) __asm__("__real_pthread_exit");
/// Stands in the object that defines the two variables, and unlike them has an address only if that is linked.
__attribute__((weak)) void __once_proxy();
}
extern __attribute__((weak)) thread_local void *onceCallable __asm__("_ZSt15__once_callable");
extern __attribute__((weak)) thread_local void *onceCall __asm__("_ZSt11__once_call");

namespace flux {

/// In the place of those in posix/interpose_names.cpp and posix/interpose_loading.cpp, which are linked where their
/// calls are.
__attribute__((weak)) void linkNames();
__attribute__((weak)) void linkLoading();
void linkNames() {}
void linkLoading() {}

namespace real {

#define FLUX_INTERPOSED(NAME, EFFECT) decltype(&::NAME) NAME = flux_libc_##NAME;
#define FLUX_LOOKUP(NAME, EFFECT)
#include "core/os/interposed.def"

void exitThread(void *result) { exitThreadOfLibc(result); }

OnceVariables onceVariables() {
  if (__once_proxy)
    return {&onceCallable, &onceCall};
  return {nullptr, nullptr};
}

bool isBesideMalloc(const void *) { return false; }

} // namespace real
} // namespace flux
