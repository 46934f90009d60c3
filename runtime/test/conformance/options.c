#include "check.h"
#include "options.flux.h"

int Once(Once_out *out) {
  (void)out;
  CHECK(false);
  return 0;
}

int Take(Take_in *in) {
  (void)in;
  return 0;
}
