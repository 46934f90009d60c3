#define _GNU_SOURCE
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
__attribute__((noinline)) void UntilReported(const char *node) {
  while (!fileHas(log, node))
    ;
}

int Spin(Spin_in *in) {
  CHECK(in->n == 0);
  UntilReported("'Spin'");
  __asm__ volatile(
      "" ::
          : "memory"); /* so that the call above is not the last thing, and this function is in the backtrace */
  return 0;
}

static ssize_t readLate(void *cookie, char *bytes, size_t size) {
  (void)cookie;
  CHECK(size > 0);
  UntilReported("'Read'");
  return *bytes = '\n', 1;
}

/* A stream of the program's own, whose reading is no call that parks. */
int Read(void) {
  char line[8];
  usleep(1000); /* what comes then holds the loop anew */
  FILE *stream = fopencookie(NULL, "r", (cookie_io_functions_t){.read = readLate});
  CHECK(stream && fgets(line, sizeof line, stream) == line && fclose(stream) == 0);
  return 0;
}
