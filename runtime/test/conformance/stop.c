#include "check.h"
#include "stop.flux.h"

enum { kFlows = 100 };
static bool stopped; /* in this process */
SHARED({ int many, counted, stops; });

int Once(Once_out *out) {
  (void)out;
  CHECK(!stopped);
  stopped = true;
  ADD(shared->stops, 1);
  return FLUX_STOP;
}

int Many(Many_out *out) {
  out->n = NEXT(shared->many);
  if (out->n >= 2 * kFlows)
    return FLUX_STOP;
  return out->n % 2 ? 3 : 0;
}

int Count(Count_in *in) {
  CHECK(in->n % 2 == 0);
  ADD(shared->counted, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->stops) >= 1);
  CHECK(READ(shared->counted) == kFlows);
}
