#include "check.h"
#include "sessions.flux.h"

enum { kFlows = 400, kSessions = 4 };
SHARED({
  int next, done, together, most;
  int inSession[kSessions];
  long perSession[kSessions]; /* plain: the constraint protects each */
});

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

/* Neighbouring flows share a session, so that they would meet without the constraint. */
int64_t SessionOf(Main_in *in) { return in->n / 2 % kSessions + 1; }

int Enter(Enter_in *in, Enter_out *out) {
  const int session = in->n / 2 % kSessions;
  CHECK(flux_session() == session + 1);
  CHECK(ADD(shared->inSession[session], 1) == 1);
  /* The first flow of each session waits for another session to be inside, too. */
  ADD(shared->together, 1);
  for (int i = 0; i < 20000 && READ(shared->most) < 2; ++i) {
    if (READ(shared->together) >= 2)
      ADD(shared->most, 2);
    usleep(100);
  }
  ++shared->perSession[session];
  out->n = in->n;
  return 0;
}

int Leave(Leave_in *in) {
  ADD(shared->together, -1);
  ADD(shared->inSession[in->n / 2 % kSessions], -1);
  ADD(shared->done, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->done) == kFlows);
  CHECK(READ(shared->most) >= 2);
  for (int i = 0; i < kSessions; ++i)
    CHECK(shared->perSession[i] == kFlows / kSessions);
  CHECK(flux_session() == 0);
}
