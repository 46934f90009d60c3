#include "check.h"
#include "source-again.flux.h"

#include <flux/flux.h>

/* Were they failures, the source would rest for a quarter of an hour. */
enum { kCalls = 10000, kEvery = 100 };
SHARED({ int next, drawn, taken; });

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  return out->n >= kCalls ? FLUX_STOP : out->n % kEvery ? FLUX_AGAIN : 0;
}

int Draw(Draw_out *out) {
  out->n = NEXT(shared->drawn);
  return out->n >= kCalls ? FLUX_STOP : 0;
}

int Keep(Keep_in *in, Keep_out *out) { return out->n = in->n, in->n % kEvery ? FLUX_AGAIN : 0; }

int Take(Take_in *in) {
  CHECK(in->n % kEvery == 0);
  ADD(shared->taken, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->taken) == 2 * kCalls / kEvery); }
