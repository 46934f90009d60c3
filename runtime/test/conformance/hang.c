#include "check.h"
#include "hang.flux.h"

#include <signal.h>
#include <sys/time.h>

SHARED({ int next, held; });
static const char *log;
static int ends[2];

/* Ends the server when the report is there: on the main thread, which the kernel prefers for signals. */
static void look(int signal) {
  if (fileHas(log, " hang: 2 of ") && fileHas(log, "limit "))
    _exit(0);
  (void)signal;
}

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  log = argv[1];
  struct sigaction action = {.sa_handler = look, .sa_flags = SA_RESTART};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 20000}, {0, 20000}};
  CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
  return pipe(ends);
}

int Once(Once_out *out) { return out->n = NEXT(shared->next), out->n < 2 ? 0 : FLUX_STOP; }

bool IsFirst(int n) {
  if (n == 0)
    return true;
  while (!READ(shared->held)) /* so that the other one has the constraint */
    usleep(1000);
  return false;
}

int Hold(Hold_in *in) {
  char byte;
  (void)in;
  ADD(shared->held, 1);
  CHECK(read(ends[0], &byte, 1) == 1);
  return 0;
}

int Fill(Fill_in *in) {
  (void)in;
  CHECK(write(ends[1], "x", 1) == 1);
  return 0;
}
