#include "check.h"
#include "path-handler.flux.h"

enum { kFlows = 100 };
SHARED({ int next, here, anywhere; });

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kFlows)
    return FLUX_STOP;
  return 0;
}

bool IsEven(int n) { return n % 2 == 0; }
int Here(Here_in *in, Here_out *out) { return out->n = in->n, 0; }
int There(There_in *in, There_out *out) { return out->n = in->n, 0; }
int Fail(Fail_in *in, Fail_out *out) { return out->n = in->n, 9; }

int End(End_in *in) {
  (void)in;
  CHECK(false);
  return 0;
}

void TakeHere(Fail_in *in, int err) {
  CHECK(in->n % 2 == 0 && err == 9);
  ADD(shared->here, 1);
}

void TakeAnywhere(Fail_in *in, int err) {
  CHECK(in->n % 2 == 1 && err == 9);
  ADD(shared->anywhere, 1);
}

void flux_shutdown(void) {
  CHECK(READ(shared->here) == kFlows / 2);
  CHECK(READ(shared->anywhere) == kFlows / 2);
}
