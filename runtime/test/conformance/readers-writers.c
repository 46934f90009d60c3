#include "check.h"
#include "readers-writers.flux.h"

enum { kFlows = 2000 };
static int next, readers, writers, met, reads;
static long first, second; /* plain: the constraint protects them */

int Numbers(Numbers_out *out) { return out->n = next, next++ == kFlows ? FLUX_STOP : 0; }
bool IsWriting(int n) { return n % 10 == 9; }

int Read(Read_in *in) {
  (void)in;
  ADD(readers, 1);
  CHECK(READ(writers) == 0);
  CHECK(first == second);
  /* Until two readers have met once, each waits for another: they could not if they kept each other out. */
  for (int i = 0; i < 20000 && !READ(met); ++i) {
    if (READ(readers) >= 2)
      ADD(met, 1);
    usleep(100);
  }
  ADD(reads, 1);
  ADD(readers, -1);
  return 0;
}

int Write(Write_in *in) {
  (void)in;
  CHECK(ADD(writers, 1) == 1);
  CHECK(READ(readers) == 0);
  ++first;
  if (first % 16 == 0)
    usleep(200);
  ++second;
  ADD(writers, -1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(met) > 0);
  CHECK(first == kFlows / 10 && second == first);
  CHECK(READ(reads) == kFlows - kFlows / 10);
}
