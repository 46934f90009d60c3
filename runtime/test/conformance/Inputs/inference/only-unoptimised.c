/* Only what is compiled without optimisation waits. */
#include "attacked.h"

static void work(int n) {
#ifndef __OPTIMIZE__
  waitABit();
#endif
  (void)n;
}
