#include "check.h"
#include "dispatch-order.flux.h"

enum { kFlows = 100 };
SHARED({ int next, checked; });
static __thread bool asked, smallWas;

int Numbers(Numbers_out *out) {
  const int n = NEXT(shared->next);
  if (n >= kFlows)
    return FLUX_STOP;
  out->n = n / 10;
  out->m = n % 10;
  return 0;
}

bool IsSmall(int n) {
  asked = true;
  return smallWas = n < 5;
}

bool IsEven(int m) {
  /* Asked in the first case only if the left neighbour said yes, and in the second case always. */
  CHECK(asked);
  return m % 2 == 0;
}

int Both(Both_in *in, Both_out *out) { return out->n = in->n, out->m = in->m, out->by = 1, 0; }
int Second(Second_in *in, Second_out *out) { return out->n = in->n, out->m = in->m, out->by = 2, 0; }
int First(First_in *in, First_out *out) { return out->n = in->n, out->m = in->m, out->by = 3, 0; }
int Rest(Rest_in *in, Rest_out *out) { return out->n = in->n, out->m = in->m, out->by = 4, 0; }

int Check(Check_in *in) {
  const bool small = in->n < 5, even = in->m % 2 == 0;
  CHECK(in->by == (small && even ? 1 : even ? 2 : small ? 3 : 4));
  ADD(shared->checked, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->checked) == kFlows); }
