#include "count.flux.h"

int Double(Double_in *in, Double_out *out) {
  out->number = 2 * in->number;
  return 0;
}
