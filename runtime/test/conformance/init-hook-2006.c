#include "check.h"
#include "init-hook-2006.flux.h"

#include <string.h>

static bool initialised, taken;

void init(int argc, char **argv) {
  CHECK(!initialised);
  initialised = true;
  CHECK(argc == 5);
  CHECK(strcmp(argv[1], "first") == 0 && strcmp(argv[2], "--other") == 0);
  CHECK(strcmp(argv[3], "--") == 0 && strcmp(argv[4], "--flux-mine") == 0);
  CHECK(argv[5] == NULL);
}

int Once(Once_out *out) {
  static bool called;
  CHECK(initialised);
  out->n = 1;
  const int status = called ? FLUX_STOP : 0;
  called = true;
  return status;
}

int Take(Take_in *in) {
  CHECK(in->n == 1);
  taken = true;
  return 0;
}

void flux_shutdown(void) { CHECK(initialised && taken); }
