#include "check.h"
#include "source-fails.flux.h"

#include <errno.h>
#include <signal.h>

/* Fewer than a source has to rest after. */
enum { kFailures = 60 };
static const char *snapshot;
SHARED({ int numbers, draws, ended, late; });

/* The argument: where --flux-snapshot writes. */
int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  snapshot = argv[1];
  return 0;
}

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->numbers);
  if (out->n < kFailures)
    return EMFILE;
  ADD(shared->ended, 1);
  return FLUX_STOP;
}

int Draw(Draw_out *out) {
  out->n = NEXT(shared->draws);
  if (out->n < kFailures)
    return 0;
  ADD(shared->ended, 1);
  return FLUX_STOP;
}

int Parse(Parse_in *in, Parse_out *out) {
  out->n = in->n;
  return FLUX_E_INVALID;
}

/* Fails when all else has, and the snapshot shows that. */
int Late(Late_out *out) {
  static int asked = 0; /* anew from time to time: one after the other */
  out->n = 0;
  if (READ(shared->ended) < 2 || !fileHas(snapshot, "\"unhandled\":120")) {
    if (READ(shared->ended) == 2 && asked++ % 500 == 0)
      kill(getpid(), SIGUSR1);
    usleep(1000);
    return FLUX_AGAIN;
  }
  return NEXT(shared->late) == 0 ? 4711 : FLUX_STOP;
}

int Take(Take_in *in) {
  CHECK(in->n < 0);
  return 0;
}
