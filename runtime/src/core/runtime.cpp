#include "core/runtime.h"

#include "core/os/cache_line.h"
#include "core/os/clock.h"

#include <new>
#include <stdlib.h>
#include <unistd.h>

namespace flux {

Runtime runtime;

/// Room for `count` of `size` bytes, which is a multiple of the alignment; zero at first.
static void *allocateArray(uint64_t count, size_t size, size_t alignment) {
  // One more, so that no array is empty.
  void *memory = aligned_alloc(alignment, (count + 1) * size);
  if (memory)
    memset(memory, 0, (count + 1) * size);
  return memory;
}

/// Makes `copies` of each of the program's sources.
static bool makeSources(uint64_t copies) {
  const flux_ir_program_t &program = *runtime.program;
  const uint64_t count = program.num_sources * copies;
  runtime.sourceSize = roundUp(sizeof(Source) + runtime.model->tails.source, alignof(Source));
  runtime.sources = static_cast<char *>(allocateArray(count, runtime.sourceSize, alignof(Source)));
  if (!runtime.sources)
    return false;
  for (; runtime.numSources < count; ++runtime.numSources) {
    const uint64_t copy = runtime.numSources / program.num_sources;
    Source &source = *new (&runtime.source(runtime.numSources)) Source();
    if (!initSource(source, program.sources[runtime.numSources % program.num_sources]))
      return false;
    source.context->replica = static_cast<int32_t>(copy);
  }
  return true;
}

bool initRuntime(const flux_ir_program_t &program, const Model &model) {
  runtime.program = &program;
  runtime.model = &model;
  runtime.pid = getpid();
  runtime.startNs = nowNs();
  runtime.unexpectedWaits =
      static_cast<uint64_t *>(allocateArray(program.num_functions, sizeof(uint64_t), alignof(uint64_t)));
  runtime.hasFailed = static_cast<bool *>(calloc(program.num_functions + 1, sizeof(bool)));
  return runtime.unexpectedWaits && runtime.hasFailed && runtime.rates.open(program.num_sources, runtime.startNs) &&
         model.locks->init() && makeSources(1);
}

uint64_t sourceCopies() { return runtime.model->sources.copies ? runtime.model->sources.copies() : 1; }

bool replicateSources(uint64_t copies) {
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    destroyContext(runtime.source(i).context);
  free(runtime.sources);
  runtime.numSources = 0;
  return makeSources(copies);
}

} // namespace flux
