/* Only what gcc makes of it waits. */
#include "attacked.h"

static void work(int n) {
#ifndef __clang__
  waitABit();
#endif
  (void)n;
}
