#include "check.h"
#include "init-hook-2006.flux.h"

#include <string.h>

static bool initialised;
SHARED({ int called, taken; });

void init(int argc, char **argv) {
  CHECK(!initialised);
  initialised = true;
  CHECK(argc == 5);
  CHECK(strcmp(argv[1], "first") == 0 && strcmp(argv[2], "--other") == 0);
  CHECK(strcmp(argv[3], "--") == 0 && strcmp(argv[4], "--flux-mine") == 0);
  CHECK(argv[5] == NULL);
}

int Once(Once_out *out) {
  CHECK(initialised);
  out->n = 1;
  return NEXT(shared->called) == 0 ? 0 : FLUX_STOP;
}

int Take(Take_in *in) {
  CHECK(in->n == 1);
  ADD(shared->taken, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(initialised && READ(shared->taken) == 1); }
