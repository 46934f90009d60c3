#include "check.h"
#include "guard.flux.h"

#include <stdlib.h>

enum { kFlows = 120, kSessions = 2 };
static int next, ended;
static int inside[kSessions], repairing[kSessions]; /* plain: the constraints protect them */
static int overlaps;                                /* told at the end: a CHECK would print, and so might block */

int Numbers(Numbers_out *out) { return out->n = next, next++ == kFlows ? FLUX_STOP : 0; }

int64_t SessionOf(Flow_in *in) { return in->n % kSessions; }

int Arrive(Arrive_in *in, Arrive_out *out) {
  CHECK(usleep(50) == 0);
  return out->n = in->n, 0;
}

int Enter(Enter_in *in, Enter_out *out) {
  ADD(overlaps, ++inside[flux_session()] != 1);
  return out->n = in->n, 0;
}

int Draw(Draw_in *in, Draw_out *out) {
  ADD(overlaps, rand() < 0);
  return out->n = in->n, 0;
}

bool IsDrawn(int n) { return rand() >= 0 && n % 4 != 0; }

int Leave(Leave_in *in) {
  (void)in;
  --inside[flux_session()];
  ADD(ended, 1);
  return 0;
}

int Fail(Fail_in *in) {
  (void)in;
  --inside[flux_session()];
  return 7;
}

void Repair(Fail_in *in, int error) {
  ADD(overlaps, error != 7 || ++repairing[in->n % kSessions] != 1);
  ADD(overlaps, rand() < 0);
  --repairing[in->n % kSessions];
  ADD(ended, 1);
}

void flux_shutdown(void) {
  CHECK(READ(overlaps) == 0);
  CHECK(READ(ended) == kFlows);
}
