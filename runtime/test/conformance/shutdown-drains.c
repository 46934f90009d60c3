#include "check.h"
#include "shutdown-drains.flux.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { kBeforeTheSignal = 30 };
SHARED({ int next, produced, ended, entered, interrupted; });

int Numbers(Numbers_out *out) {
  out->n = NEXT(shared->next);
  if (out->n == kBeforeTheSignal) {
    while (READ(shared->entered) == 0)
      usleep(100);
    kill(getpid(), SIGTERM);
  }
  if (out->n >= 2 * kBeforeTheSignal)
    return 1;
  ADD(shared->produced, 1);
  return 0;
}

int Blocked(Blocked_out *out) {
  int ends[2];
  char byte;
  (void)out;
  CHECK(pipe(ends) == 0);
  ADD(shared->entered, 1);
  CHECK(read(ends[0], &byte, 1) < 0 && errno == EINTR);
  close(ends[0]);
  close(ends[1]);
  ADD(shared->interrupted, 1);
  return 1;
}

int Begin(Begin_in *in, Begin_out *out) {
  while (!flux_stopping())
    usleep(1000);
  usleep(20000);
  return out->n = in->n, 0;
}

int End(End_in *in) {
  (void)in;
  ADD(shared->ended, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(shared->produced >= kBeforeTheSignal);
  CHECK(READ(shared->ended) == shared->produced);
  CHECK(READ(shared->interrupted) >= 1);
}
