#include "check.h"
#include "saturated.flux.h"

static const char *log;
static int next;

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  log = argv[1];
  return 0;
}

/* More than may run at once. */
int Next(Next_out *out) { return out->n = next, next++ < 6 ? 0 : FLUX_STOP; }

static void awaitLine(const char *words) {
  while (!fileHas(log, words))
    usleep(5000);
}

int Stay(Stay_in *in) {
  awaitLine("have been taken");
  if (in->n == 0)
    awaitLine("are free again");
  return 0;
}
