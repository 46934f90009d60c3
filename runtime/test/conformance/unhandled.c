#include "check.h"
#include "unhandled.flux.h"

#include <signal.h>
#include <string.h>

enum { kFlows = 100 };
static const char *snapshot;
SHARED({ int next, after; });

/* The argument: where --flux-snapshot writes. */
int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  snapshot = argv[1];
  return 0;
}

/* Takes a snapshot and returns whether it shows that all flows have ended. */
static bool allEnded(void) {
  char text[8192] = "";
  kill(getpid(), SIGUSR1);
  usleep(1000);
  FILE *file = fopen(snapshot, "r");
  if (!file)
    return false;
  CHECK(fread(text, 1, sizeof text - 1, file) > 0);
  CHECK(strcmp(text + strlen(text) - 3, "]}\n") == 0); /* never half of one */
  fclose(file);
  return strstr(text, "\"done\":100,") != NULL;
}

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n < kFlows)
    return 0;
  return allEnded() ? FLUX_STOP : FLUX_AGAIN;
}

int Fail(Fail_in *in, Fail_out *out) {
  out->n = in->n / 2;
  return in->n % 2 ? 12 : 0;
}

bool IsOdd(int n) { return n % 2 == 1; }

int After(After_in *in) {
  CHECK(in->n % 2 == 1);
  ADD(shared->after, 1);
  return 0;
}

void flux_shutdown(void) { fprintf(stderr, "ended %d of %d\n", READ(shared->after), kFlows); }
