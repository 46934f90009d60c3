#include "core/runtime.h"

#include "core/clock.h"

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

bool initRuntime(const flux_ir_program_t &program, const Model &model) {
  runtime.program = &program;
  runtime.model = &model;
  runtime.startNs = nowNs();
  runtime.sources = allocateArray<Source>(program.num_sources);
  runtime.brokenPromises = allocateArray<uint64_t>(program.num_functions);
  if (!runtime.sources || !runtime.brokenPromises || !model.locks->init())
    return false;
  for (uint64_t i = 0; i < program.num_sources; ++i)
    if (!initSource(*new (&runtime.sources[i]) Source(), program.sources[i]))
      return false;
  return true;
}

} // namespace flux
