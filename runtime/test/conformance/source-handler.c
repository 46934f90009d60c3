#include "check.h"
#include "source-handler.flux.h"

/* A multiple of 4, so that each source does everything equally often. */
enum { kCalls = 400, kPlain = 7, kGuarded, kDraw, kKeep };
SHARED({
  int plain, guarded, drawn, taken, missed, dropped;
  int lost[kKeep];
  int users; /* the constraint protects it */
});

/* Succeeds, fails, has nothing and succeeds again, in turn, until it ends. */
static int produce(int n, int error) {
  if (n >= kCalls)
    return FLUX_STOP;
  return n % 4 == 1 ? error : n % 4 == 2 ? FLUX_AGAIN : 0;
}

int Plain(Plain_out *out) { return produce(out->n = NEXT(shared->plain), kPlain); }

int Guarded(Guarded_out *out) {
  CHECK(++shared->users == 1);
  out->n = NEXT(shared->guarded);
  --shared->users;
  return produce(out->n, kGuarded);
}

int Draw(Draw_out *out) { return produce(out->n = NEXT(shared->drawn), kDraw); }

/* Gets what is left of `produce`: 0 and 3 modulo 4. */
int Keep(Keep_in *in, Keep_out *out) {
  out->n = in->n;
  return in->n % 8 == 0 ? kKeep : in->n % 8 == 3 ? FLUX_AGAIN : 0;
}

int Take(Take_in *in) {
  CHECK(in->n < kCalls);
  ADD(shared->taken, 1);
  return 0;
}

void Lost(int error) {
  CHECK(error == kPlain || error == kGuarded);
  CHECK(++shared->users == 1);
  --shared->users;
  ADD(shared->lost[error], 1);
}

void Missed(int error) {
  CHECK(error == kDraw);
  ADD(shared->missed, 1);
}

void Dropped(Keep_in *in, int error) {
  CHECK(error == kKeep && in->n % 8 == 0);
  ADD(shared->dropped, 1);
}

void flux_shutdown(void) {
  CHECK(READ(shared->taken) == kCalls / 2 + kCalls / 2 + kCalls / 4);
  CHECK(READ(shared->lost[kPlain]) == kCalls / 4);
  CHECK(READ(shared->lost[kGuarded]) == kCalls / 4);
  CHECK(READ(shared->missed) == kCalls / 4);
  CHECK(READ(shared->dropped) == kCalls / 8);
}
