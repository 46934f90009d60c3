#include "check.h"
#include "stalls.flux.h"

static const char *log;
static int next;

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  log = argv[1];
  return 0;
}

int Once(Once_out *out) { return out->n = next, next++ ? FLUX_STOP : 0; }

/* Holds the loop: system calls of its own do not park. */
__attribute__((noinline)) void UntilReported(void) {
  while (!fileHas(log, "has held"))
    ;
}

int Spin(Spin_in *in) {
  CHECK(in->n == 0);
  UntilReported();
  __asm__ volatile(
      "" ::
          : "memory"); /* so that the call above is not the last thing, and this function is in the backtrace */
  return 0;
}
