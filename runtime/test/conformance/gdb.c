#include "check.h"
#include "gdb.flux.h"

enum { kFlows = 3 };
static int next, ends[2];

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  return pipe(ends);
}

int Numbers(Numbers_out *out) { return out->n = next, next++ <= kFlows ? 0 : FLUX_STOP; }

__attribute__((noinline)) void AllParked(void) { CHECK(write(ends[1], "xxx", kFlows) == kFlows); }

__attribute__((noinline)) void InWait(int socket) {
  char byte;
  CHECK(read(socket, &byte, 1) == 1);
}

int Wait(Wait_in *in) {
  if (in->n == kFlows)
    AllParked();
  else
    InWait(ends[0]);
  __asm__ volatile("" ::: "memory"); /* no tail calls: this function is in the backtrace */
  return 0;
}
