#include "check.h"
#include "no-match.flux.h"

enum { kFlows = 100 };
SHARED({ int next, after, unmatched; });

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kFlows)
    return FLUX_STOP;
  return 0;
}

bool IsEven(int n) { return n % 2 == 0; }

int Even(Even_in *in, Even_out *out) {
  out->n = in->n;
  return 0;
}

int After(After_in *in) {
  CHECK(in->n % 2 == 0);
  ADD(shared->after, 1);
  return 0;
}

void Unmatched(Choose_in *in, int err) {
  CHECK(err == FLUX_E_NOMATCH);
  CHECK(in->n % 2 == 1);
  ADD(shared->unmatched, 1);
}

void flux_shutdown(void) {
  CHECK(READ(shared->after) == kFlows / 2);
  CHECK(READ(shared->unmatched) == kFlows / 2);
}
