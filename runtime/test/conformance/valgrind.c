#include "check.h"
#include "valgrind.flux.h"

enum { kFlows = 200 };
SHARED({
  int next, ended;
  long sum; /* plain: the constraint protects it */
});

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

int Add(Add_in *in) {
  const long before = shared->sum;
  volatile char used[4096];
  used[in->n] = 1;
  usleep(100);
  CHECK(used[in->n] == 1);
  shared->sum = before + in->n;
  ++shared->ended;
  return 0;
}

void flux_shutdown(void) { CHECK(shared->ended == kFlows && shared->sum == (long)kFlows * (kFlows - 1) / 2); }
