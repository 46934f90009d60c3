/// runtime.h - the state of the one server that a process runs.
#ifndef FLUX_CORE_RUNTIME_H
#define FLUX_CORE_RUNTIME_H

#include "core/flow.h"
#include "core/model.h"
#include "core/server/rates.h"
#include "flux/rt/program.h"

#include <stddef.h>
#include <string.h>
#include <sys/types.h>

namespace flux {

/// Set up by initRuntime() before other threads exist, constant afterwards but for what is atomic or locks itself.
struct Runtime {
  const flux_ir_program_t *program = nullptr;
  const Model *model = nullptr;
  char *sources = nullptr; // each with its tail
  uint64_t sourceSize = 0; // that of the model included
  uint64_t numSources = 0;
  bool *replicates = nullptr; // for each of the program's sources, whether flux_replicate() has named it
  pid_t pid = 0;              // the server's: where it is several processes, that which started the others
  uint64_t startNs = 0;
  Rates rates;                         // of the sources
  uint64_t *unexpectedWaits = nullptr; // of each function that was taken not to wait, atomic
  bool *hasFailed = nullptr;           // a mark for each function, atomic; see unhandled.h

  /// The sources in the program's order, and then the further copies.
  Source &source(uint64_t i) const { return *reinterpret_cast<Source *>(sources + i * sourceSize); }
};

extern Runtime runtime;

/// Allocates what `program` needs. False when memory is short. Once per process.
bool initRuntime(const flux_ir_program_t &program, const Model &model);

/// How many of a source the model can run at once.
uint64_t sourceCopies();

/// Makes as many of each source that flux_replicate() has named, beside the one that initRuntime() has made. False when
/// memory is short. Main thread, before sources run.
bool replicateSources();

} // namespace flux

#endif // FLUX_CORE_RUNTIME_H
