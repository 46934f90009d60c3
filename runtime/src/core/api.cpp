/// api.cpp - the functions of flux.h that belong to nothing else.
#include "core/runtime.h"
#include "flux/flux.h"

#include <string.h>

const char *flux_strerror(int code) {
  switch (code) {
#define FLUX_ERROR(NAME, CODE, TEXT)                                                                                   \
  case CODE:                                                                                                           \
    return TEXT;
#include "flux/errors.def"
#undef FLUX_ERROR
  default:
    return "error";
  }
}

int flux_replicate(const char *source) {
  const flux_ir_program_t &program = *flux::runtime.program;
  bool isFound = !source;
  for (uint64_t i = 0; i < program.num_sources; ++i) {
    if (source && strcmp(source, program.sources[i].name) != 0)
      continue;
    flux::runtime.replicates[i] = isFound = true;
  }
  return isFound ? static_cast<int>(flux::sourceCopies()) : FLUX_E_INVALID;
}

int flux_processes(void) {
  const flux::Model &model = *flux::runtime.model;
  return model.life.processes ? static_cast<int>(model.life.processes()) : 1;
}
