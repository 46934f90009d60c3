#include "check.h"
#include "no-hang.flux.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* Many times --flux-hang-ms. */
enum { kLong = 1000000, kFlows = 9 };

SHARED({
  int next, done;
  pthread_mutex_t own;
});
static int client[2], ends[2];

/* Answers late, once for each flow, as a client on another machine. */
static void beClient(void) {
  usleep(kLong);
  CHECK(write(client[1], "xxx", 3) == 3);
  pause();
}

static void *beThread(void *argument) {
  pthread_mutex_lock(&shared->own);
  usleep(kLong);
  pthread_mutex_unlock(&shared->own);
  CHECK(write(ends[1], "xxx", 3) == 3);
  return argument;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, client) == 0 && pipe(ends) == 0);
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(client[0]);
    beClient();
  }
  close(client[1]);
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes) == 0);
  CHECK(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0);
  CHECK(pthread_mutex_init(&shared->own, &attributes) == 0);
  pthread_t thread;
  return pthread_create(&thread, NULL, beThread, NULL);
}

void flux_shutdown(void) {
  CHECK(READ(shared->done) == kFlows);
  fprintf(stderr, "done\n");
}

int Next(Next_out *out) { return out->n = NEXT(shared->next), out->n < kFlows ? 0 : FLUX_STOP; }
bool IsClient(int n) { return n % 3 == 0; }
bool IsTime(int n) { return n % 3 == 1; }

int AwaitClient(AwaitClient_in *in) {
  char byte;
  (void)in;
  CHECK(read(client[0], &byte, 1) == 1);
  ADD(shared->done, 1);
  return 0;
}

int AwaitTime(AwaitTime_in *in) {
  (void)in;
  usleep(kLong / 3);
  ADD(shared->done, 1);
  return 0;
}

int AwaitThread(AwaitThread_in *in) {
  char byte;
  (void)in;
  CHECK(read(ends[0], &byte, 1) == 1);
  CHECK(pthread_mutex_lock(&shared->own) == 0 && pthread_mutex_unlock(&shared->own) == 0);
  ADD(shared->done, 1);
  return 0;
}
