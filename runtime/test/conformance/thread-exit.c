#include "thread-exit.flux.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Shared by the workers of `process`.
static int *calls;

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return calls == MAP_FAILED;
}

static void *end_at_once(void *argument) { pthread_exit(argument); }

// A thread of the program's own may end as it likes.
static int own_thread_ends(void) {
  pthread_t thread;
  void *result = NULL;
  return pthread_create(&thread, NULL, end_at_once, calls) == 0 && pthread_join(thread, &result) == 0 &&
         result == calls;
}

int Once(Once_out *out) {
  out->n = __atomic_fetch_add(calls, 1, __ATOMIC_SEQ_CST);
  return out->n == 0 ? 0 : FLUX_STOP;
}

int Check(Check_in *in, Check_out *out) {
  out->n = in->n;
  return own_thread_ends() ? 0 : 1;
}

int Leave(Leave_in *in) {
  (void)in;
  pthread_exit(NULL);
}
