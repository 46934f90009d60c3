#include "check.h"
#include "race.flux.h"

#include <pthread.h>

enum { kFlows = 100 };
static int next, withThread;
static volatile int number;

int flux_init(int argc, char **argv) {
  withThread = argc > 1 && strcmp(argv[1], "thread") == 0;
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = next++) < kFlows ? 0 : FLUX_STOP; }

static void *touch(void *nothing) {
  number = number + 1;
  return nothing;
}

int One(One_in *in, One_out *out) {
  pthread_t thread;
  out->n = in->n;
  usleep(200); /* so that others begin meanwhile */
  if (withThread)
    CHECK(pthread_create(&thread, NULL, touch, NULL) == 0);
  number = number + 1;
  if (withThread)
    CHECK(pthread_join(thread, NULL) == 0);
  return 0;
}

/* On a helper, where a model has some. */
int Other(Other_in *in) {
  (void)in;
  usleep(200);
  number = number + 1;
  return 0;
}
