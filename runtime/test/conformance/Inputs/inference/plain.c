/* Nothing is hidden. */
#include "attacked.h"

static void work(int n) { waitABit(), (void)n; }
