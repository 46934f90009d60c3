#include "check.h"
#include "init-fails.flux.h"

int flux_init(int argc, char **argv) {
  (void)argc;
  (void)argv;
  return 3;
}

int Never(Never_out *out) {
  (void)out;
  CHECK(false);
  return 0;
}

int Take(Take_in *in) {
  (void)in;
  return 0;
}
