#include "check.h"
#include "several-sources.flux.h"

enum { kFlows = 500, kSlow = 5 };
static int odd, even, slow;
static int counts[3];

int Odd(Odd_out *out) { return out->n = 2 * odd + 1, odd++ == kFlows ? FLUX_STOP : 0; }
int Even(Even_out *out) { return out->n = 2 * even, even++ == kFlows ? FLUX_STOP : 0; }

int Slow(Slow_out *out) {
  usleep(5000);
  return out->n = -1, slow++ == kSlow ? FLUX_STOP : 0;
}

int Count(Count_in *in) {
  ADD(counts[in->n < 0 ? 2 : in->n % 2], 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(counts[0]) == kFlows);
  CHECK(READ(counts[1]) == kFlows);
  CHECK(READ(counts[2]) == kSlow);
}
