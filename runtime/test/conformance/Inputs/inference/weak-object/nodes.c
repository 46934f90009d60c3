/* The strong definition is in an object file. */
#include "attacked.h"

__attribute__((weak)) int hook(int n) { return n; }

static void work(int n) { USE(hook(n) >= 0); }
