// Checks that the functions of a program are N0, N1, ... in the lines 1, 2, ... of its file.
#include "flux/rt/program.h"
#include <stdio.h>
#include <string.h>

int main(void) {
  const flux_ir_program_t *program = &flux_ir_program;
  if (program->abi_version != FLUX_IR_ABI_VERSION || program->size != sizeof *program || program->num_sources != 0)
    return 1;
  for (uint64_t i = 0; i < program->num_functions; ++i) {
    const flux_ir_function *function = &program->functions[i];
    char name[32];
    snprintf(name, sizeof name, "N%d", (int)i);
    if (strcmp(function->name, name) != 0 || function->line != i + 1 || function->kind != FLUX_IR_NODE ||
        !strstr(function->file, ".flux")) {
      printf("function %d is '%s', line %u\n", (int)i, function->name, function->line);
      return 1;
    }
  }
  printf("%d functions\n", (int)program->num_functions);
  return 0;
}
