#include "count.flux.h"

#ifndef LAST
#define LAST 3
#endif

static int next;

int Count(Count_out *out) {
  if (next == LAST)
    return FLUX_STOP;
  out->number = ++next;
  return 0;
}
