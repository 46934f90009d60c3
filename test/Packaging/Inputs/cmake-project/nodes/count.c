#include "outside.flux.h"

static int next;

int Count(Count_out *out) {
  out->value = (number){++next};
  return next > LAST ? FLUX_STOP : 0;
}
