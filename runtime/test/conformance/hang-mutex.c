#include "check.h"
#include "hang-mutex.flux.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

SHARED({
  int next, constraint, mutex;
  pthread_mutex_t own;
});
static const char *log;

/* Where the compiler sees a mutex, it refuses the circle. */
static int (*volatile lock)(pthread_mutex_t *) = pthread_mutex_lock;

/* Ends the server when the report is there: on the main thread, which the kernel prefers for signals. */
static void look(int signal) {
  if (fileHas(log, " hang: 2 of ") && fileHas(log, "waits for constraint") && fileHas(log, "waits for a mutex"))
    _exit(0);
  (void)signal;
}

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  log = argv[1];
  CHECK(pthread_mutex_init(&shared->own, NULL) == 0);
  struct sigaction action = {.sa_handler = look, .sa_flags = SA_RESTART};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  const struct itimerval often = {{0, 20000}, {0, 20000}};
  return setitimer(ITIMER_REAL, &often, NULL);
}

int Once(Once_out *out) { return out->n = NEXT(shared->next), out->n < 2 ? 0 : FLUX_STOP; }
bool IsFirst(int n) { return n == 0; }

int Tick(Tick_out *out) {
  usleep(2000);
  out->n = 0;
  return 0;
}

int Work(Work_in *in) {
  usleep(100);
  return in->n;
}

int HoldConstraint(HoldConstraint_in *in) {
  ADD(shared->constraint, 1);
  while (!READ(shared->mutex))
    usleep(1000);
  return lock(&shared->own) || in->n;
}

int HoldMutex(HoldMutex_in *in, HoldMutex_out *out) {
  CHECK(lock(&shared->own) == 0);
  ADD(shared->mutex, 1);
  while (!READ(shared->constraint))
    usleep(1000);
  out->n = in->n;
  return 0;
}

int TakeConstraint(TakeConstraint_in *in) { return in->n; }
