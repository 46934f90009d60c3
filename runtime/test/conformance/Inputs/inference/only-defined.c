/* Only with a macro of the build's it waits. */
#include "attacked.h"

static void work(int n) {
#ifdef TRACING
  waitABit();
#endif
  (void)n;
}
