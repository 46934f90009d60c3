// Prints the flags of each function of a program.
#include "flux/rt/program.h"
#include <stdio.h>

int Any(void) { return 0; }
int Slow(void) { return 0; }
int Quick(void) { return 0; }

int main(void) {
  for (uint64_t i = 0; i < flux_ir_program.num_functions; ++i)
    printf("%s %u\n", flux_ir_program.functions[i].name, flux_ir_program.functions[i].flags);
  return 0;
}
