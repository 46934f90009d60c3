#include "check.h"
#include "replicated-source.flux.h"

#include <flux/flux.h>

enum { kFlows = 200 };
static int copies;
SHARED({ int many, stayed, taken, next; });

static int64_t thisThread(void) {
  static _Thread_local char mark;
  return (int64_t)(intptr_t)&mark;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  CHECK(flux_replicate("Nobody") == FLUX_E_INVALID);
  CHECK(flux_processes() == 1);
  copies = flux_replicate("Many");
  CHECK(copies >= 1);
  return 0;
}

int Many(Many_out *out) {
  static _Thread_local int next;
  if (next == 0)
    ADD(shared->many, 1);
  out->thread = thisThread();
  return next++ == kFlows ? FLUX_STOP : 0;
}

int Stay(Stay_in *in) {
  CHECK(copies == 1 || in->thread == thisThread());
  ADD(shared->stayed, 1);
  return 0;
}

int One(One_out *out) {
  CHECK(flux_replica() == 0);
  return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP;
}

int Take(Take_in *in) {
  CHECK(in->n >= 0 && in->n < kFlows);
  ADD(shared->taken, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->many) == copies);
  CHECK(READ(shared->stayed) == copies * kFlows);
  CHECK(READ(shared->taken) == kFlows);
}
