#include "check.h"
#include "reentrant.flux.h"

enum { kFlows = 400 };
SHARED({
  int next, recovered;
  int inside, ended; /* plain: the constraint on Main protects them */
});

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

int Outer(Outer_in *in, Outer_out *out) {
  CHECK(++shared->inside == 1);
  return out->n = in->n, 0;
}

int Inner(Inner_in *in, Inner_out *out) {
  CHECK(shared->inside == 1);
  return out->n = in->n, 0;
}

int Look(Look_in *in, Look_out *out) {
  CHECK(shared->inside == 1);
  out->n = in->n;
  if (in->n % 4 != 0)
    return 0;
  --shared->inside;
  return 5;
}

int End(End_in *in) {
  (void)in;
  --shared->inside;
  ++shared->ended;
  return 0;
}

void Recover(Look_in *in, int err) {
  CHECK(err == 5 && in->n % 4 == 0);
  ADD(shared->recovered, 1);
}

void flux_shutdown(void) {
  CHECK(shared->inside == 0);
  CHECK(shared->ended == kFlows * 3 / 4);
  CHECK(READ(shared->recovered) == kFlows / 4);
}
