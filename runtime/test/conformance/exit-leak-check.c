#include "check.h"
#include "exit-leak-check.flux.h"

#include <sched.h>
#include <stdlib.h>

enum { kOthers = 20 };
static int next, ready;

int Numbers(Numbers_out *out) { return (out->n = next++) <= kOthers ? 0 : FLUX_STOP; }

int Act(Act_in *in) {
  if (in->n == kOthers) {
    while (READ(ready) < kOthers)
      sched_yield();
    exit(0);
  }
  ADD(ready, 1);
  for (;;) {
    /* Large, so that the allocator takes a lock; volatile, so that it is asked. */
    void *volatile memory = malloc(1 << 22);
    free(memory);
    sched_yield();
  }
}
