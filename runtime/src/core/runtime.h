/// runtime.h - the state of the one server that a process runs.
#ifndef FLUX_CORE_RUNTIME_H
#define FLUX_CORE_RUNTIME_H

#include "core/flow.h"
#include "core/model.h"
#include "flux/rt/program.h"

#include <stddef.h>
#include <string.h>

namespace flux {

/// Set up by initRuntime() before other threads exist, constant afterwards but for what is atomic or locks itself.
struct Runtime {
  const flux_ir_program_t *program = nullptr;
  const Model *model = nullptr;
  Source *sources = nullptr;
  uint64_t startNs = 0;
  uint64_t *brokenPromises = nullptr; // a count for each function, atomic; see promise.h
};

extern Runtime runtime;

/// Allocates what `program` needs. False when memory is short. Once per process.
bool initRuntime(const flux_ir_program_t &program, const Model &model);

} // namespace flux

#endif // FLUX_CORE_RUNTIME_H
