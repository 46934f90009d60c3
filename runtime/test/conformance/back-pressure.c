#include "back-pressure.flux.h"
#include "check.h"

#include <stdlib.h>

enum { kFlows = 300 };
static int produced, ended, running, most;

/* The argument: how many flows may have been produced and not ended, the one that its source waits with included. */
int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  most = atoi(argv[1]);
  return 0;
}

int Numbers(Numbers_out *out) {
  if (produced == kFlows)
    return FLUX_STOP;
  out->n = produced;
  ADD(produced, 1);
  return 0;
}

int Work(Work_in *in) {
  (void)in;
  CHECK(ADD(running, 1) <= 2);
  usleep(1000);
  CHECK(READ(produced) - READ(ended) <= most);
  ADD(running, -1);
  ADD(ended, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(ended) == kFlows); }
