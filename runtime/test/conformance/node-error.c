#include "check.h"
#include "node-error.flux.h"

enum { kFlows = 200 };
SHARED({
  int next, after, recovered;
  int inside; /* plain: the constraint on Main protects it */
});

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kFlows)
    return FLUX_STOP;
  return 0;
}

int Double(Double_in *in, Double_out *out) {
  CHECK(++shared->inside == 1);
  out->twice = 2 * in->n;
  return 0;
}

int Fail(Fail_in *in, Fail_out *out) {
  --shared->inside;
  out->twice = in->twice;
  return in->twice % 4 == 0 ? 0 : in->twice;
}

int After(After_in *in) {
  CHECK(in->twice % 4 == 0);
  ADD(shared->after, 1);
  return 0;
}

void Recover(Fail_in *in, int err) {
  CHECK(err == in->twice && err % 4 == 2);
  /* Waits until all the others have passed the constraints: they could not if this flow still held them. */
  if (ADD(shared->recovered, 1) == 1)
    while (READ(shared->after) + READ(shared->recovered) < 20)
      usleep(100);
}

void flux_shutdown(void) {
  CHECK(READ(shared->after) == kFlows / 2);
  CHECK(READ(shared->recovered) == kFlows / 2);
}
