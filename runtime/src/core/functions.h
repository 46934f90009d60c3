/// functions.h - the program's functions, and what they are called in messages.
#ifndef FLUX_CORE_FUNCTIONS_H
#define FLUX_CORE_FUNCTIONS_H

#include "core/runtime.h"

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

/// The function of that number, as flux_ir_context::node has it; null for none. Any thread, also a signal handler.
inline const flux_ir_function *findFunction(int32_t number) {
  const flux_ir_program_t &program = *runtime.program;
  return number >= 0 && static_cast<uint64_t>(number) < program.num_functions ? &program.functions[number] : nullptr;
}

} // namespace flux

#endif // FLUX_CORE_FUNCTIONS_H
