#include "check.h"
#include "stop.flux.h"

enum { kFlows = 100 };
static bool stopped;
static int many, counted;

int Once(Once_out *out) {
  (void)out;
  CHECK(!stopped);
  stopped = true;
  return FLUX_STOP;
}

int Many(Many_out *out) {
  out->n = many++;
  if (out->n >= 2 * kFlows)
    return FLUX_STOP;
  return out->n % 2 ? 3 : 0;
}

int Count(Count_in *in) {
  CHECK(in->n % 2 == 0);
  ADD(counted, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(stopped);
  CHECK(READ(counted) == kFlows);
}
