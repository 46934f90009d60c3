#include "check.h"
#include "race-free.flux.h"

#include <pthread.h>
#include <stdlib.h>

enum { kFlows = 60, kSessions = 4 };
static int next;
static int sum, bySession[kSessions], locked, computed;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, meeting = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER, asked = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int question, answer;

int Numbers(Numbers_out *out) { return (out->n = next++) < kFlows ? 0 : FLUX_STOP; }

int64_t SessionOf(Main_in *in) { return in->n % kSessions; }

int Allocate(Allocate_in *in, Allocate_out *out) {
  out->n = in->n;
  out->data = (int *)malloc(sizeof *out->data);
  *out->data = in->n;
  return 0;
}

int Add(Add_in *in, Add_out *out) {
  sum += *in->data;
  usleep(50);
  ++sum;
  return out->n = in->n, out->data = in->data, 0;
}

int Look(Look_in *in, Look_out *out) {
  CHECK(sum > 0);
  return out->n = in->n, out->data = in->data, 0;
}

int OfSession(OfSession_in *in, OfSession_out *out) {
  const int before = ++bySession[in->n % kSessions];
  usleep(50);
  CHECK(bySession[in->n % kSessions] == before);
  return out->n = in->n, out->data = in->data, 0;
}

/* On a helper, where a model has some. */
int Compute(Compute_in *in, Compute_out *out) {
  ++*in->data;
  pthread_mutex_lock(&mutex);
  ++computed;
  pthread_mutex_unlock(&mutex);
  return out->n = in->n, out->data = in->data, 0;
}

int Locked(Locked_in *in, Locked_out *out) {
  pthread_mutex_lock(&mutex);
  const int before = ++locked;
  usleep(20);
  CHECK(locked == before);
  pthread_mutex_unlock(&mutex);
  return out->n = in->n, out->data = in->data, 0;
}

/* A thread of the program's own, which answers flows. */
static void *answerAll(void *nothing) {
  pthread_mutex_lock(&meeting);
  for (;;) {
    while (question == 0)
      pthread_cond_wait(&asked, &meeting);
    answer = question + 1;
    question = 0;
    pthread_cond_broadcast(&answered);
  }
  return nothing;
}

static void startAnswering(void) {
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, answerAll, NULL) == 0 && pthread_detach(thread) == 0);
}

int Meet(Meet_in *in, Meet_out *out) {
  CHECK(pthread_once(&once, startAnswering) == 0);
  pthread_mutex_lock(&meeting);
  while (question != 0 || answer != 0)
    pthread_cond_wait(&answered, &meeting);
  question = in->n + 1;
  pthread_cond_signal(&asked);
  while (answer != in->n + 2)
    pthread_cond_wait(&answered, &meeting);
  answer = 0;
  pthread_cond_broadcast(&answered);
  pthread_mutex_unlock(&meeting);
  return out->n = in->n, out->data = in->data, 0;
}

static void *echo(void *end) {
  char byte;
  CHECK(read(((int *)end)[0], &byte, 1) == 1);
  return end;
}

/* A thread that is started and joined. */
int Pipe(Pipe_in *in, Pipe_out *out) {
  int ends[2];
  pthread_t thread;
  CHECK(pipe(ends) == 0);
  CHECK(pthread_create(&thread, NULL, echo, ends) == 0);
  CHECK(write(ends[1], "x", 1) == 1);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
  return out->n = in->n, out->data = in->data, 0;
}

int Free(Free_in *in) {
  CHECK(*in->data == in->n + 1);
  free(in->data);
  return 0;
}

void flux_shutdown(void) { puts("every flow has ended"); }
