#include "check.h"
#include "source-flow.flux.h"

enum { kFlows = 100 };
SHARED({ int next, checked, users; }); /* the constraint protects the first two */

int Read(Read_out *out) {
  CHECK(ADD(shared->users, 1) == 1);
  const int status = shared->next >= kFlows ? FLUX_STOP : 0;
  out->n = shared->next++;
  ADD(shared->users, -1);
  return status;
}

int Parse(Parse_in *in, Parse_out *out) {
  out->n = in->n;
  out->square = in->n * in->n;
  return in->n % 4 == 3 ? 1 : 0;
}

int Check(Check_in *in) {
  CHECK(ADD(shared->users, 1) == 1);
  CHECK(in->n % 4 != 3 && in->square == in->n * in->n);
  ++shared->checked;
  ADD(shared->users, -1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->checked) == kFlows * 3 / 4); }
