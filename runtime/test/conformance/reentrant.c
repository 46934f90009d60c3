#include "check.h"
#include "reentrant.flux.h"

enum { kFlows = 400 };
static int next, recovered;
static int inside, ended; /* plain: the constraint on Main protects them */

int Numbers(Numbers_out *out) { return out->n = next, next++ == kFlows ? FLUX_STOP : 0; }

int Outer(Outer_in *in, Outer_out *out) {
  CHECK(++inside == 1);
  return out->n = in->n, 0;
}

int Inner(Inner_in *in, Inner_out *out) {
  CHECK(inside == 1);
  return out->n = in->n, 0;
}

int Look(Look_in *in, Look_out *out) {
  CHECK(inside == 1);
  out->n = in->n;
  if (in->n % 4 != 0)
    return 0;
  --inside;
  return 5;
}

int End(End_in *in) {
  (void)in;
  --inside;
  ++ended;
  return 0;
}

void Recover(Look_in *in, int err) {
  CHECK(err == 5 && in->n % 4 == 0);
  ADD(recovered, 1);
}

void flux_shutdown(void) {
  CHECK(inside == 0);
  CHECK(ended == kFlows * 3 / 4);
  CHECK(READ(recovered) == kFlows / 4);
}
