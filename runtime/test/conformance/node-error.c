#include "check.h"
#include "node-error.flux.h"

enum { kFlows = 200 };
static int next, after, recovered;
static int inside; /* plain: the constraint on Main protects it */

int Numbers(Numbers_out *out) {
  if (next == kFlows)
    return FLUX_STOP;
  out->n = next++;
  return 0;
}

int Double(Double_in *in, Double_out *out) {
  CHECK(++inside == 1);
  out->twice = 2 * in->n;
  return 0;
}

int Fail(Fail_in *in, Fail_out *out) {
  --inside;
  out->twice = in->twice;
  return in->twice % 4 == 0 ? 0 : in->twice;
}

int After(After_in *in) {
  CHECK(in->twice % 4 == 0);
  ADD(after, 1);
  return 0;
}

void Recover(Fail_in *in, int err) {
  CHECK(err == in->twice && err % 4 == 2);
  /* Waits until all the others have passed the constraints: they could not if this flow still held them. */
  if (ADD(recovered, 1) == 1)
    while (READ(after) + READ(recovered) < 20)
      usleep(100);
}

void flux_shutdown(void) {
  CHECK(READ(after) == kFlows / 2);
  CHECK(READ(recovered) == kFlows / 2);
}
