/* Nothing waits. */
#include "attacked.h"

static void work(int n) { USE(n); }
