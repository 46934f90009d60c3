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

/// Adds copy `copy` of the program's source `number`. There is room for it.
static bool addSource(uint64_t number, uint64_t copy) {
  Source &source = *new (&runtime.source(runtime.numSources)) Source();
  if (!initSource(source, runtime.program->sources[number]))
    return false;
  source.context->replica = static_cast<int32_t>(copy);
  source.isReplicated = runtime.replicates[number];
  ++runtime.numSources;
  return true;
}

/// Makes the program's sources, and so many of those that are to be replicated.
static bool makeSources(uint64_t copies) {
  const uint64_t declared = runtime.program->num_sources;
  runtime.sources = static_cast<char *>(allocateArray(declared * copies, runtime.sourceSize, alignof(Source)));
  if (!runtime.sources)
    return false;
  for (uint64_t copy = 0; copy < copies; ++copy)
    for (uint64_t number = 0; number < declared; ++number)
      if ((copy == 0 || runtime.replicates[number]) && !addSource(number, copy))
        return false;
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
  runtime.replicates = static_cast<bool *>(calloc(program.num_sources + 1, sizeof(bool)));
  runtime.sourceSize = roundUp(sizeof(Source) + model.tails.source, alignof(Source));
  return runtime.unexpectedWaits && runtime.hasFailed && runtime.replicates &&
         runtime.rates.open(program.num_sources, runtime.startNs) && model.locks->init() && makeSources(1);
}

uint64_t sourceCopies() { return runtime.model->sources.copies ? runtime.model->sources.copies() : 1; }

bool replicateSources() {
  const uint64_t declared = runtime.program->num_sources;
  if (sourceCopies() == 1 || !memchr(runtime.replicates, true, declared))
    return true;
  for (uint64_t i = 0; i < runtime.numSources; ++i)
    destroyContext(runtime.source(i).context);
  free(runtime.sources);
  runtime.numSources = 0;
  return makeSources(sourceCopies());
}

} // namespace flux
