#include "check.h"
#include "several-sources.flux.h"

enum { kFlows = 500, kSlow = 5 };
SHARED({ int odd, even, slow, counts[3]; });

int Odd(Odd_out *out) { return (out->n = 2 * NEXT(shared->odd) + 1) < 2 * kFlows ? 0 : FLUX_STOP; }
int Even(Even_out *out) { return (out->n = 2 * NEXT(shared->even)) < 2 * kFlows ? 0 : FLUX_STOP; }

int Slow(Slow_out *out) {
  usleep(5000);
  return out->n = -1, NEXT(shared->slow) < kSlow ? 0 : FLUX_STOP;
}

int Count(Count_in *in) {
  ADD(shared->counts[in->n < 0 ? 2 : in->n % 2], 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->counts[0]) == kFlows);
  CHECK(READ(shared->counts[1]) == kFlows);
  CHECK(READ(shared->counts[2]) == kSlow);
}
