#include "check.h"
#include "empty-chain.flux.h"

#include <string.h>

enum { kFlows = 100 };
SHARED({ int next, checked; });

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kFlows)
    return FLUX_STOP;
  out->text = "as it came";
  return 0;
}

bool IsEven(int n) { return n % 2 == 0; }

int Mark(Mark_in *in, Mark_out *out) {
  out->n = in->n;
  out->text = "marked";
  return 0;
}

int Check(Check_in *in) {
  CHECK(strcmp(in->text, in->n % 2 == 0 ? "as it came" : "marked") == 0);
  ADD(shared->checked, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->checked) == kFlows); }
