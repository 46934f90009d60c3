#include "core/server/program_check.h"

#include <stdio.h>

namespace flux {

namespace {

constexpr size_t kNamesSize = 256;

/// Writes the names of the models in `models`, separated by commas.
void listModels(uint64_t models, char (&names)[kNamesSize]) {
  size_t length = 0;
  names[0] = '\0';
#define FLUX_MODEL(NAME, BIT, TRAITS, SUMMARY)                                                                         \
  if ((models >> (BIT)) & 1 && length < kNamesSize)                                                                    \
    length += static_cast<size_t>(snprintf(names + length, kNamesSize - length, "%s'%s'", length ? ", " : "", #NAME));
#include "flux/rt/models.def"
  if (length == 0)
    snprintf(names, kNamesSize, "no model of this runtime");
}

/// Whether the arrays that the counts promise are there.
bool isComplete(const flux_ir_program_t &program) {
  if (!program.name || (program.num_functions && !program.functions) || (program.num_locks && !program.locks) ||
      (program.num_sources && !program.sources) || (program.num_stretches && (!program.stretches || !program.calls)))
    return false;
  for (uint64_t i = 0; i < program.num_sources; ++i) {
    const flux_ir_source &source = program.sources[i];
    const uint64_t align = source.input_align;
    if (!source.name || !source.target || !source.poll || !source.run || align == 0 || (align & (align - 1)) != 0)
      return false;
  }
  return true;
}

} // namespace

bool checkProgram(const flux_ir_program_t &program, const Model &model, char *reason, size_t size) {
  // The version comes first: nothing behind it can be trusted if it differs.
  if (program.abi_version != FLUX_IR_ABI_VERSION) {
    snprintf(reason, size,
             "the object was compiled for ABI version %u of the runtime, but this runtime has version %u; "
             "recompile it with the fluxc that belongs to this runtime",
             program.abi_version, FLUX_IR_ABI_VERSION);
    return false;
  }
  if (program.size != sizeof(flux_ir_program_t)) {
    snprintf(reason, size,
             "the object's program descriptor has %u bytes, but this runtime expects %zu; "
             "recompile it with the fluxc that belongs to this runtime",
             program.size, sizeof(flux_ir_program_t));
    return false;
  }
  if (!isComplete(program)) {
    snprintf(reason, size, "the object's program descriptor is damaged; recompile it with fluxc");
    return false;
  }
  if (((program.models >> model.bit) & 1) == 0) {
    char names[kNamesSize];
    listModels(program.models, names);
    snprintf(reason, size,
             "the object was specialised for %s and does not serve model '%s'; "
             "build it with `fluxc %s.flux ... --model=%s`",
             names, model.name, program.name, model.name);
    return false;
  }
  return true;
}

} // namespace flux
