#include "check.h"
#include "guard.flux.h"

#include <stdlib.h>

enum { kFlows = 120, kSessions = 2 };
static int next, ended;
static int inside[kSessions], repairing[kSessions]; /* plain: the constraints protect them */

int Numbers(Numbers_out *out) { return out->n = next, next++ == kFlows ? FLUX_STOP : 0; }

int64_t SessionOf(Flow_in *in) { return in->n % kSessions; }

int Arrive(Arrive_in *in, Arrive_out *out) {
  CHECK(usleep(50) == 0);
  return out->n = in->n, 0;
}

int Enter(Enter_in *in, Enter_out *out) {
  CHECK(++inside[flux_session()] == 1);
  return out->n = in->n, 0;
}

int Draw(Draw_in *in, Draw_out *out) {
  CHECK(rand() >= 0);
  return out->n = in->n, 0;
}

bool IsDrawn(int n) { return rand() >= 0 && n % 4 != 0; }

int Leave(Leave_in *in) {
  (void)in;
  CHECK(--inside[flux_session()] == 0);
  ADD(ended, 1);
  return 0;
}

int Fail(Fail_in *in) {
  (void)in;
  CHECK(--inside[flux_session()] == 0);
  return 7;
}

void Repair(Fail_in *in, int error) {
  CHECK(error == 7 && ++repairing[in->n % kSessions] == 1);
  CHECK(rand() >= 0);
  CHECK(--repairing[in->n % kSessions] == 0);
  ADD(ended, 1);
}

void flux_shutdown(void) { CHECK(READ(ended) == kFlows); }
