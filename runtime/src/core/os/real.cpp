/// real.cpp - in a program that the dynamic linker has put together, whom it asks; real_static.cpp for others.
#include "core/os/real.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>

// A sanitizer that is linked statically keeps its own version here even when the program defines the function.
#define FLUX_INTERPOSED(NAME, EFFECT) extern "C" __attribute__((weak)) decltype(::NAME) __interceptor_##NAME;
#include "core/os/interposed.def"

#pragma GCC diagnostic ignored                                                                                         \
    "-Wignored-attributes" // gcc, of attributes of functions that pointers to them do not keep

namespace flux::real {

namespace {

void *find(const char *name) {
  if (void *function = dlsym(RTLD_NEXT, name))
    return function;
  abort(); // a libc without it, or a static program: the link has gone wrong
}

/// What a pointer is set to until the constructor below has run: finds the function and calls it.
template <typename F> struct First;
template <typename R, typename... A> struct First<R (*)(A...)> {
  template <R (**pointer)(A...), void (*findAll)()> static R call(A... arguments) {
    findAll();
    return (*pointer)(arguments...);
  }
};
template <typename R, typename... A> struct First<R (*)(A...) noexcept> {
  template <R (**pointer)(A...) noexcept, void (*findAll)()> static R call(A... arguments) noexcept {
    findAll();
    return (*pointer)(arguments...);
  }
};
template <typename R> struct First<R (*)(long, ...) noexcept> {
  template <R (**pointer)(long, ...) noexcept, void (*findAll)()> static R call(long number, ...) noexcept {
    long values[6];
    va_list rest;
    va_start(rest, number);
    for (long &value : values)
      value = va_arg(rest, long);
    va_end(rest);
    findAll();
    return (*pointer)(number, values[0], values[1], values[2], values[3], values[4], values[5]);
  }
};

/// A constructor, so that everything is found before there are threads and signal handlers.
__attribute__((constructor)) void findAll() {
#define FLUX_INTERPOSED(NAME, EFFECT)                                                                                  \
  NAME = __interceptor_##NAME ? __interceptor_##NAME : reinterpret_cast<decltype(&::NAME)>(find(#NAME));
#include "core/os/interposed.def"
}

} // namespace

#define FLUX_INTERPOSED(NAME, EFFECT) decltype(&::NAME) NAME = First<decltype(&::NAME)>::call<&NAME, findAll>;
#include "core/os/interposed.def"

void exitThread(void *result) {
  reinterpret_cast<void (*)(void *)>(find("pthread_exit"))(result);
  abort(); // It does not return.
}

OnceVariables onceVariables() {
  return {static_cast<void **>(dlsym(RTLD_DEFAULT, "_ZSt15__once_callable")),
          static_cast<void **>(dlsym(RTLD_DEFAULT, "_ZSt11__once_call"))};
}

bool isBesideMalloc(const void *code) {
  Dl_info its, allocating;
  return dladdr(code, &its) && dladdr(dlsym(RTLD_DEFAULT, "malloc"), &allocating) &&
         its.dli_fbase == allocating.dli_fbase;
}

} // namespace flux::real
