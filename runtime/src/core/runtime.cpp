#include "core/runtime.h"

#include "core/os/clock.h"

#include <new>
#include <stdlib.h>

namespace flux {

Runtime runtime;

template <typename T> static T *allocateArray(uint64_t count) {
  // aligned_alloc wants a multiple of the alignment, which sizeof is; one more, so that no array is empty.
  void *memory = aligned_alloc(alignof(T) > sizeof(void *) ? alignof(T) : sizeof(void *), (count + 1) * sizeof(T));
  if (!memory)
    return nullptr;
  memset(memory, 0, (count + 1) * sizeof(T));
  return static_cast<T *>(memory);
}

/// Makes `copies` of each of the program's sources.
static bool makeSources(uint64_t copies) {
  const flux_ir_program_t &program = *runtime.program;
  const uint64_t count = program.num_sources * copies;
  runtime.sources = allocateArray<Source>(count);
  if (!runtime.sources)
    return false;
  for (; runtime.numSources < count; ++runtime.numSources) {
    const uint64_t copy = runtime.numSources / program.num_sources;
    Source &source = *new (&runtime.sources[runtime.numSources]) Source();
    if (!initSource(source, program.sources[runtime.numSources % program.num_sources]))
      return false;
    source.context->replica = static_cast<int32_t>(copy);
  }
  return true;
}

bool initRuntime(const flux_ir_program_t &program, const Model &model) {
  runtime.program = &program;
  runtime.model = &model;
  runtime.startNs = nowNs();
  runtime.unexpectedWaits = allocateArray<uint64_t>(program.num_functions);
  return runtime.unexpectedWaits && model.locks->init() && makeSources(1);
}

uint64_t sourceCopies() { return runtime.model->copies ? runtime.model->copies() : 1; }

bool replicateSources(uint64_t copies) {
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    destroyContext(runtime.sources[i].context);
  free(runtime.sources);
  runtime.numSources = 0;
  return makeSources(copies);
}

} // namespace flux
