#include "check.h"
#include "replicated-sources.flux.h"

#include <flux/flux.h>
#include <sched.h>

enum { kFlows = 500, kKeys = 16, kMostCopies = 64 };
static int copies;
SHARED({
  int stayed, numbering, keyed;
  int64_t owners[kKeys]; /* the thread of each session, 0 before its first flow */
  int inside[kKeys];     /* plain: the constraint protects them, */
  int used[kMostCopies]; /* and these */
  int seen[kMostCopies];
});

/* What tells threads apart. */
static int64_t thisThread(void) {
  static _Thread_local char mark;
  return (int64_t)(intptr_t)&mark;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  copies = flux_replicate(NULL);
  CHECK(copies >= 1 && copies <= kMostCopies);
  CHECK(flux_replica() == 0);
  return 0;
}

int Numbers(Numbers_out *out) {
  static _Thread_local int next;
  if (next == 0)
    ADD(shared->numbering, 1);
  out->thread = thisThread();
  return out->n = next, next++ == kFlows ? FLUX_STOP : 0;
}

int Stay(Stay_in *in) {
  CHECK(copies == 1 || in->thread == thisThread());
  if (in->n % 8 == 0)
    usleep(100);
  CHECK(copies == 1 || in->thread == thisThread());
  ADD(shared->stayed, 1);
  return 0;
}

int Which(Which_out *out) {
  out->replica = flux_replica();
  CHECK(out->replica >= 0 && out->replica < copies);
  return 0;
}

int Where(Where_in *in, Where_out *out) {
  static _Thread_local int next;
  if (next == 0)
    ADD(shared->seen[in->replica], 1);
  *out = (Where_out){in->replica, thisThread()};
  return next++ == kFlows ? FLUX_STOP : 0;
}

int64_t ReplicaOf(Use_in *in) { return in->replica; }

int Use(Use_in *in) {
  CHECK(flux_session() == in->replica);
  CHECK(copies == 1 || in->thread == thisThread());
  ++shared->used[in->replica];
  return 0;
}

int Keys(Keys_out *out) {
  static _Thread_local int next;
  return out->key = next % kKeys, next++ == kFlows ? FLUX_STOP : 0;
}

int64_t KeyOf(Own_in *in) { return in->key; }

int Enter(Enter_in *in, Enter_out *out) {
  CHECK(flux_session() == in->key);
  CHECK(++shared->inside[in->key] == 1);
  if (copies > 1) {
    CHECK(shared->owners[in->key] == 0 || shared->owners[in->key] == thisThread());
    shared->owners[in->key] = thisThread();
  }
  sched_yield();
  return out->key = in->key, 0;
}

int Leave(Leave_in *in) {
  CHECK(--shared->inside[in->key] == 0);
  ADD(shared->keyed, 1);
  return 0;
}

void flux_shutdown(void) {
  CHECK(READ(shared->numbering) == copies);
  CHECK(READ(shared->stayed) == copies * kFlows);
  CHECK(READ(shared->keyed) == copies * kFlows);
  for (int i = 0; i < copies; ++i)
    CHECK(READ(shared->seen[i]) == 1 && shared->used[i] == kFlows);
}
