/// program_check.h - whether an object fits this runtime.
#ifndef FLUX_CORE_SERVER_PROGRAM_CHECK_H
#define FLUX_CORE_SERVER_PROGRAM_CHECK_H

#include "core/model.h"
#include "flux/rt/program.h"

namespace flux {

/// Returns whether `program` can run on `model`; if not, `reason` (of `size` bytes) says why and what would help.
bool checkProgram(const flux_ir_program_t &program, const Model &model, char *reason, size_t size);

} // namespace flux

#endif // FLUX_CORE_SERVER_PROGRAM_CHECK_H
