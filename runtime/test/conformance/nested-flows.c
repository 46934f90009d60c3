#include "check.h"
#include "nested-flows.flux.h"

enum { kFlows = 100 };
static int next, checked;

int Numbers(Numbers_out *out) { return out->n = next, out->sum = 0, next++ == kFlows ? FLUX_STOP : 0; }
int Add(Add_in *in, Add_out *out) { return out->n = in->n, out->sum = in->sum + in->n, 0; }

int Check(Check_in *in) {
  CHECK(in->sum == 13 * in->n);
  ADD(checked, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(checked) == kFlows); }
