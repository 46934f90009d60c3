/// function_kind.h - what the program's functions are called in messages.
#ifndef FLUX_CORE_FUNCTION_KIND_H
#define FLUX_CORE_FUNCTION_KIND_H

#include "flux/rt/program.h"

namespace flux {

inline const char *kindName(const flux_ir_function &function) {
  switch (function.kind) {
  case FLUX_IR_FLOW:
    return "flow";
  case FLUX_IR_PREDICATE:
    return "predicate";
  case FLUX_IR_HANDLER:
    return "handler";
  default:
    return "node";
  }
}

} // namespace flux

#endif // FLUX_CORE_FUNCTION_KIND_H
