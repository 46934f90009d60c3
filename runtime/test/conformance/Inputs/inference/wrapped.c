/* The linker is told to put another function in a library's place. */
#include "attacked.h"

int __wrap_rand(void) { return waitABit(), 4; }

static void work(int n) { USE(rand() >= 0), (void)n; }
