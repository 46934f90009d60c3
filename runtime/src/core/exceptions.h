/// exceptions.h - C++ exceptions that leave the program's functions.
#ifndef FLUX_CORE_EXCEPTIONS_H
#define FLUX_CORE_EXCEPTIONS_H

#include "core/runtime.h"

#include <stdint.h>

namespace flux {

/// Calls call(argument), a function of the program's that no generated code calls: `kind` `name` in messages. Returns
/// 0, or FLUX_E_EXCEPTION if an exception has left it and the program is to go on.
inline int32_t callProgram(void (*call)(void *argument), void *argument, const char *kind, const char *name) {
  if (runtime.program->guard)
    return runtime.program->guard(call, argument, kind, name);
  call(argument);
  return 0;
}

} // namespace flux

#endif // FLUX_CORE_EXCEPTIONS_H
