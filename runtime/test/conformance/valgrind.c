#include "check.h"
#include "valgrind.flux.h"

enum { kFlows = 200 };
static int next, ended;
static long sum; /* plain: the constraint protects it */

int Numbers(Numbers_out *out) { return out->n = next, next++ < kFlows ? 0 : FLUX_STOP; }

int Add(Add_in *in) {
  const long before = sum;
  volatile char used[4096];
  used[in->n] = 1;
  usleep(100);
  CHECK(used[in->n] == 1);
  sum = before + in->n;
  ++ended;
  return 0;
}

void flux_shutdown(void) { CHECK(ended == kFlows && sum == (long)kFlows * (kFlows - 1) / 2); }
