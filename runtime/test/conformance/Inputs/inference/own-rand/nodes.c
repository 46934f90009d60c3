/* A function that has the name of a library's. */
#include "attacked.h"

static void work(int n) { USE(rand() >= 0), (void)n; }
