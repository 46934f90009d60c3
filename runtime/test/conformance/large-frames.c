#include "check.h"
#include "large-frames.flux.h"

#include <flux/flux.h>
#include <string.h>

enum { kFlows = 20, kPage = 4096, kFar = 350000 };

int Numbers(Numbers_out *out) {
  static int next;
  return out->n = next, next++ == kFlows ? FLUX_STOP : 0;
}

static void use(char *memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

/* Of the frame only both ends are written to; the stacks of an event loop's flows have 256 KB. */
int Fill(Fill_in *in) {
  char frame[kFar + kPage];
  memset(frame, in->n, kPage);
  memset(frame + kFar, in->n, kPage);
  use(frame);
  usleep(10000);
  use(frame);
  if (frame[0] != in->n || frame[kFar] != in->n) {
    fprintf(stderr, "flow %d finds what another flow has written\n", in->n);
    _exit(1);
  }
  return 0;
}
