#include "check.h"
#include "flow-handler.flux.h"

enum { kFlows = 300 };
SHARED({ int next, after, outer, own; });

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kFlows)
    return FLUX_STOP;
  return 0;
}

int Shift(Shift_in *in, Shift_out *out) {
  out->m = in->n + 1000;
  return 0;
}

int Fail(Fail_in *in, Fail_out *out) {
  out->m = in->m;
  return in->m % 3 == 0 ? 7 : 0;
}

int Own(Own_in *in, Own_out *out) {
  out->m = in->m;
  return in->m % 3 == 1 ? -8 : 0;
}

int After(After_in *in) {
  CHECK(in->m % 3 == 2);
  ADD(shared->after, 1);
  return 0;
}

void TakeOuter(Outer_in *in, int err) {
  CHECK(err == 7 && in->n < kFlows && (in->n + 1000) % 3 == 0);
  ADD(shared->outer, 1);
}

void TakeOwn(Own_in *in, int err) {
  CHECK(err == -8 && in->m >= 1000 && in->m % 3 == 1);
  ADD(shared->own, 1);
}

void flux_shutdown(void) {
  CHECK(READ(shared->after) == kFlows / 3);
  CHECK(READ(shared->outer) == kFlows / 3);
  CHECK(READ(shared->own) == kFlows / 3);
}
