#include "check.h"
#include "unset-output.flux.h"

enum { kFlows = 20 };
SHARED({ int next, checked; });

/* Sets its output in every other call; records are used again. */
int Numbers(Numbers_out *out) {
  const int n = NEXT(shared->next);
  CHECK(out->n == 0 && out->left == NULL && out->ratio == 0);
  if (n % 2)
    *out = (Numbers_out){n, shared, 0.5};
  return n < kFlows ? 0 : FLUX_STOP;
}

int Set(Set_in *in, Set_out *out) {
  CHECK(in->n % 2 ? in->left == shared && in->ratio == 0.5 : in->n == 0 && in->left == NULL && in->ratio == 0);
  *out = (Set_out){7, out, 1};
  return 0;
}

int Forget(Forget_in *in, Forget_out *out) {
  CHECK(in->n == 7 && in->left && in->ratio == 1);
  CHECK(out->n == 0 && out->left == NULL && out->ratio == 0);
  return 0;
}

int Check(Check_in *in) {
  CHECK(in->n == 0 && in->left == NULL && in->ratio == 0);
  ADD(shared->checked, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->checked) == kFlows); }
