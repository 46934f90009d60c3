#include "check.h"
#include "nested-flows.flux.h"

enum { kFlows = 100 };
SHARED({ int next, checked; });

int Numbers(Numbers_out *out) { return out->sum = 0, (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }
int Add(Add_in *in, Add_out *out) { return out->n = in->n, out->sum = in->sum + in->n, 0; }

int Check(Check_in *in) {
  CHECK(in->sum == 13 * in->n);
  ADD(shared->checked, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->checked) == kFlows); }
