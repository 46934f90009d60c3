#include "check.h"
#include "thread-cancelled.flux.h"

#include <pthread.h>

SHARED({ int next; });

int Once(Once_out *out) { return (out->n = NEXT(shared->next)) < 2 ? 0 : FLUX_STOP; }

int Hold(Hold_in *in, Hold_out *out) {
  out->n = in->n;
  return 0;
}

struct Destroyed {
  ~Destroyed() { fprintf(stderr, "destroyed\n"); }
};

static int cancelled;

int Cancel(Cancel_in *) {
  if (ADD(cancelled, 1) == 2) {
    fprintf(stderr, "free again\n");
    _exit(0); // the server would wait for the flow whose thread has ended
  }
  Destroyed destroyed;
  pthread_cancel(pthread_self());
  pthread_testcancel();
  return 1;
}

void Caught(Cancel_in *, int) { fprintf(stderr, "caught\n"); }
