#include "check.h"
#include "sessions.flux.h"

enum { kFlows = 400, kSessions = 4 };
static int next, done, together, most;
static int inSession[kSessions];
static long perSession[kSessions]; /* plain: the constraint protects each */

int Numbers(Numbers_out *out) { return out->n = next, next++ == kFlows ? FLUX_STOP : 0; }

/* Neighbouring flows share a session, so that they would meet without the constraint. */
int64_t SessionOf(Main_in *in) { return in->n / 2 % kSessions + 1; }

int Enter(Enter_in *in, Enter_out *out) {
  const int session = in->n / 2 % kSessions;
  CHECK(flux_session() == session + 1);
  CHECK(ADD(inSession[session], 1) == 1);
  /* The first flow of each session waits for another session to be inside, too. */
  ADD(together, 1);
  for (int i = 0; i < 20000 && READ(most) < 2; ++i) {
    if (READ(together) >= 2)
      ADD(most, 2);
    usleep(100);
  }
  ++perSession[session];
  out->n = in->n;
  return 0;
}

int Leave(Leave_in *in) {
  ADD(together, -1);
  ADD(inSession[in->n / 2 % kSessions], -1);
  ADD(done, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(done) == kFlows);
  CHECK(READ(most) >= 2);
  for (int i = 0; i < kSessions; ++i)
    CHECK(perSession[i] == kFlows / kSessions);
  CHECK(flux_session() == 0);
}
