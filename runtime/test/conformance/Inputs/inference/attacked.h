/* attacked.h - the nodes of attacked.flux, without the one in the constraint. That is here, too, for cases that define
 * work(), which waits in some way that is hard to see. Nothing else does: a CHECK would print something. */
#ifndef ATTACKED_H
#define ATTACKED_H

#include "attacked.flux.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The status of a process in which somebody was not alone in the constraint. */
enum { kNotAlone = 77 };

static int next;
/* The constraint protects them; volatile, since some cases lie about what they do. */
static volatile int inside, overlaps;
/* What is computed is used. */
static volatile int seen;
#define USE(VALUE) (seen = (int)(VALUE))

int Numbers(Numbers_out *out) { return out->n = next, next++ == 40 ? FLUX_STOP : 0; }
int64_t SessionOf(Work_in *in) { return (void)in, 1; }

static inline void begin(void) {
  inside = inside + 1;
  if (inside != 1)
    overlaps = overlaps + 1;
}
static inline void end(void) { inside = inside - 1; }

void flux_shutdown(void) {
  if (overlaps != 0)
    _exit(kNotAlone);
}

#ifndef OWN_WORK
static inline void work(int n);

int Work(Work_in *in) {
  begin();
  work(in->n);
  end();
  return 0;
}
#endif

#ifdef __cplusplus
}
#endif

/* What the cases hide. */
static inline void waitABit(void) { usleep(200); }

/* The end of a process that has not been alone for some time before. */
static inline void leaveNow(void) { _exit(overlaps == 0 ? 0 : kNotAlone); }
static inline void waitAndLeave(void) {
  usleep(20000);
  leaveNow();
}

#endif
