#include "check.h"
#include "stack-overflow.flux.h"

SHARED({ int next; });

int Once(Once_out *out) {
  out->n = 16384; /* frames of a kilobyte */
  return NEXT(shared->next) == 0 ? 0 : FLUX_STOP;
}

__attribute__((noinline)) static int descend(int n) {
  volatile char frame[1000];
  frame[n % 1000] = 1;
  return n > 0 ? descend(n - 1) + frame[n % 1000] : 0;
}

int Descend(Descend_in *in) {
  usleep(1); /* on an event loop this flow has its own stack by now */
  CHECK(descend(in->n) == in->n);
  printf("descended\n");
  return 0;
}
