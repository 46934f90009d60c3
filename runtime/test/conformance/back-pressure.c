#include "back-pressure.flux.h"
#include "check.h"

#include <stdlib.h>

enum { kFlows = 300 };
static int most;
SHARED({ int next, produced, ended, running; });

/* The argument: how many flows may have been produced and not ended, the one that its source waits with included. */
int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  most = atoi(argv[1]);
  return 0;
}

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kFlows)
    return FLUX_STOP;
  ADD(shared->produced, 1);
  return 0;
}

int Work(Work_in *in) {
  (void)in;
  CHECK(ADD(shared->running, 1) <= 2);
  usleep(1000);
  CHECK(READ(shared->produced) - READ(shared->ended) <= most);
  ADD(shared->running, -1);
  ADD(shared->ended, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->ended) == kFlows); }
