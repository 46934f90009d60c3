#include "check.h"
#include "readers-writers.flux.h"

enum { kFlows = 2000 };
SHARED({
  int next, readers, writers, met, reads;
  long first, second; /* plain: the constraint protects them */
});

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }
bool IsWriting(int n) { return n % 10 == 9; }

int Read(Read_in *in) {
  (void)in;
  ADD(shared->readers, 1);
  CHECK(READ(shared->writers) == 0);
  CHECK(shared->first == shared->second);
  /* Until two readers have met once, each waits for another: they could not if they kept each other out. */
  for (int i = 0; i < 20000 && !READ(shared->met); ++i) {
    if (READ(shared->readers) >= 2)
      ADD(shared->met, 1);
    usleep(100);
  }
  ADD(shared->reads, 1);
  ADD(shared->readers, -1);
  return 0;
}

int Write(Write_in *in) {
  (void)in;
  CHECK(ADD(shared->writers, 1) == 1);
  CHECK(READ(shared->readers) == 0);
  ++shared->first;
  if (shared->first % 16 == 0)
    usleep(200);
  ++shared->second;
  ADD(shared->writers, -1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->met) > 0);
  CHECK(shared->first == kFlows / 10 && shared->second == shared->first);
  CHECK(READ(shared->reads) == kFlows - kFlows / 10);
}
