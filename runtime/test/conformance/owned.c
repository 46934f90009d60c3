#include "check.h"

typedef struct Session Session;
#include "owned.flux.h"

#include <stdlib.h>

/* Of numbers modulo 5: flows that end well, that fail in Check, that fail in Wait, and answers of a source. */
enum { kWell, kUnhandled, kHandled, kAgain, kFailing, kKinds };
enum { kRounds = 40, kUnhandledError = 7, kHandledError = 8, kSourceError = 9 };

SHARED({ int next, last, ended[kKinds], second, further; });

/* What a number owns: by its source from the beginning, by Check and Wait from then on. */
struct Session {
  flux_owned first; /* the first member */
  int n, order;
  flux_owned second;
};

static const int errors[kKinds] = {[kUnhandled] = kUnhandledError, [kFailing] = kSourceError};

static void endFurther(flux_owned *owned, int error) {
  CHECK(error == 0);
  ADD(shared->further, 1);
  free(owned);
}

static void endSecond(flux_owned *owned, int error) {
  Session *session = (Session *)((char *)owned - offsetof(Session, second));
  CHECK(error == errors[session->n % kKinds]);
  CHECK(session->order++ == 0);
  ADD(shared->second, 1);
}

/* Blocks, where the flow's node would, and owns something more. */
static void endFirst(flux_owned *owned, int error) {
  Session *session = (Session *)owned;
  const int kind = session->n % kKinds;
  CHECK(error == errors[kind]);
  CHECK(session->order == (kind == kWell || kind == kHandled));
  usleep(100);
  if (kind == kWell) {
    flux_owned *further = malloc(sizeof *further);
    further->end = endFurther;
    CHECK(flux_own(further) == 0);
  }
  ADD(shared->ended[kind], 1);
  free(session);
}

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n >= kRounds * kKinds)
    return FLUX_STOP;
  out->session = calloc(1, sizeof *out->session);
  out->session->n = out->n;
  out->session->first.end = endFirst;
  CHECK(flux_own(&out->session->first) == 0);
  const int kind = out->n % kKinds;
  return kind == kAgain ? FLUX_AGAIN : kind == kFailing ? kSourceError : 0;
}

int Check(Check_in *in, Check_out *out) {
  *out = (Check_out){in->n, in->session};
  CHECK(in->session->order == 0);
  return in->n % kKinds == kUnhandled ? kUnhandledError : 0;
}

int Wait(Wait_in *in, Wait_out *out) {
  *out = (Wait_out){in->n, in->session};
  in->session->second.end = endSecond;
  CHECK(flux_own(&in->session->second) == 0);
  usleep(100);
  return in->n % kKinds == kHandled ? kHandledError : 0;
}

void Excuse(Wait_in *in, int error) { CHECK(error == kHandledError && in->session->order == 0); }

int Last(Last_in *in) {
  CHECK(in->session->order == 0);
  ADD(shared->last, 1);
  return 0;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  flux_owned owned = {endFurther, NULL}, endless = {NULL, NULL};
  CHECK(flux_own(&owned) == FLUX_E_INVALID); /* no flow */
  CHECK(flux_own(&endless) == FLUX_E_INVALID && flux_own(NULL) == FLUX_E_INVALID);
  return 0;
}

void flux_shutdown(void) {
  for (int kind = 0; kind < kKinds; ++kind)
    CHECK(shared->ended[kind] == kRounds);
  CHECK(shared->last == kRounds && shared->further == kRounds && shared->second == 2 * kRounds);
}
