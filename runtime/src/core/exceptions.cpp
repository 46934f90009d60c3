/// The one file that refers to the C++ library: it is linked where the program's object refers to it, which it does in
/// servers that are linked with that library.
#include "core/exceptions.h"

#include "core/context.h"
#include "core/log.h"
#include "flux/flux.h"
#include "flux/rt/entry_points.h"
#include "flux/rt/program.h"

#include <cxxabi.h>
#include <exception>
#include <stdio.h>
#include <stdlib.h>
#include <typeinfo>
#include <unwind.h>

namespace flux {

namespace {

/// Whether the exception is none, but ends its thread: pthread_exit() and cancellation unwind by one without a class,
/// and whoever stops that ends the process.
bool endsThread(const _Unwind_Exception &exception) { return exception.exception_class == 0; }

/// Whether exceptions may be shown now, and how many were not.
bool maySpeak() {
  static RateLimit limit;
  uint64_t suppressed = 0;
  if (!limit.admit(suppressed))
    return false;
  if (suppressed)
    logMessage("%llu more exceptions were not shown", static_cast<unsigned long long>(suppressed));
  return true;
}

/// Says what `who` has thrown. In a handler of that exception.
void describeCaught(const char *who) {
  const std::type_info *type = abi::__cxa_current_exception_type();
  if (!type) {
    logMessage("%s has thrown an exception that is not of C++", who);
    return;
  }
  int status = 0;
  char *readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  const char *name = readable ? readable : type->name();
  try {
    throw;
  } catch (const std::exception &exception) {
    logMessage("%s has thrown %s: %s", who, name, exception.what());
  } catch (...) {
    logMessage("%s has thrown %s", who, name);
  }
  free(readable);
}

} // namespace

} // namespace flux

using namespace flux;

int32_t flux_ir_caught(flux_ir_context *cx, void *who, void *exception) {
  if (cx) {
    releaseAll(Context::of(cx));
    // Relaxed, as generated code writes it: what() and destructors run in nobody's name, and under no constraint.
    __atomic_store_n(&cx->node, FLUX_IR_NO_NODE, __ATOMIC_RELAXED);
  }
  auto *header = static_cast<_Unwind_Exception *>(exception);
  if (endsThread(*header))
    _Unwind_Resume(header);
  abi::__cxa_begin_catch(exception);
  if (maySpeak())
    describeCaught(static_cast<const char *>(who));
  abi::__cxa_end_catch();
  return FLUX_E_EXCEPTION;
}

int32_t flux_ir_guard(void (*call)(void *argument), void *argument, const char *kind, const char *name) {
  try {
    call(argument);
    return 0;
  } catch (abi::__forced_unwind &) {
    throw;
  } catch (...) {
    char who[256];
    snprintf(who, sizeof who, "%s '%s'", kind, name);
    if (maySpeak())
      describeCaught(who);
    return FLUX_E_EXCEPTION;
  }
}
