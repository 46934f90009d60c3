#define _GNU_SOURCE
#include "waits-for-locks.flux.h"
#include "waits.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

SHARED({
  PAIRS;
  pthread_mutex_t kept, lent, robust, guard;
  pthread_rwlock_t keptForReading, lentForReading;
  pthread_cond_t condition;
  pthread_barrier_t barrier;
  sem_t never;
  int isSignalled, lasts;
});
static sem_t *named, *ofThread;

static void keepMutex(int pair) {
  CHECK(pthread_mutex_lock(&shared->kept) == 0);
  BEAT_UNTIL_ENDED(pair);
  CHECK(pthread_mutex_unlock(&shared->kept) == 0);
}
static void wantKeptMutex(int pair) {
  UNTIL(READ(shared->held[pair]));
  IN_VAIN(pthread_mutex_timedlock(&shared->kept, AFTER(CLOCK_REALTIME, kSoonMs)) == ETIMEDOUT);
  IN_VAIN(pthread_mutex_clocklock(&shared->kept, CLOCK_MONOTONIC, AFTER(CLOCK_MONOTONIC, kSoonMs)) == ETIMEDOUT);
  CHECK(pthread_mutex_trylock(&shared->kept) == EBUSY);
}

static void lendMutex(int pair) {
  CHECK(pthread_mutex_lock(&shared->lent) == 0);
  HOLD_FOR_A_WHILE(pair);
  CHECK(pthread_mutex_unlock(&shared->lent) == 0);
}
static void wantLentMutex(int pair) {
  UNTIL(READ(shared->held[pair]));
  CHECK(pthread_mutex_clocklock(&shared->lent, CLOCK_MONOTONIC, AFTER(CLOCK_MONOTONIC, kLateMs)) == 0);
  CHECK(pthread_mutex_unlock(&shared->lent) == 0);
}

static void lendRobust(int pair) {
  CHECK(pthread_mutex_lock(&shared->robust) == 0);
  HOLD_FOR_A_WHILE(pair);
  CHECK(pthread_mutex_unlock(&shared->robust) == 0);
}
static void wantRobust(int pair) {
  UNTIL(READ(shared->held[pair]));
  CHECK(pthread_mutex_lock(&shared->robust) == 0);
  CHECK(pthread_mutex_unlock(&shared->robust) == 0);
}

static void keepForReading(int pair) {
  CHECK(pthread_rwlock_rdlock(&shared->keptForReading) == 0);
  BEAT_UNTIL_ENDED(pair);
  CHECK(pthread_rwlock_unlock(&shared->keptForReading) == 0);
}
static void wantToWrite(int pair) {
  UNTIL(READ(shared->held[pair]));
  IN_VAIN(pthread_rwlock_timedwrlock(&shared->keptForReading, AFTER(CLOCK_REALTIME, kSoonMs)) == ETIMEDOUT);
  CHECK(pthread_rwlock_timedrdlock(&shared->keptForReading, AFTER(CLOCK_REALTIME, kLateMs)) == 0);
  CHECK(pthread_rwlock_unlock(&shared->keptForReading) == 0);
}

static void lendForReading(int pair) {
  CHECK(pthread_rwlock_rdlock(&shared->lentForReading) == 0);
  HOLD_FOR_A_WHILE(pair);
  CHECK(pthread_rwlock_unlock(&shared->lentForReading) == 0);
}
static void wantToWriteLate(int pair) {
  UNTIL(READ(shared->held[pair]));
  CHECK(pthread_rwlock_clockwrlock(&shared->lentForReading, CLOCK_MONOTONIC, AFTER(CLOCK_MONOTONIC, kLateMs)) == 0);
  CHECK(pthread_rwlock_unlock(&shared->lentForReading) == 0);
}

/* By the clock that the condition was made for. */
static void awaitSignal(int pair) {
  (void)pair;
  CHECK(pthread_mutex_lock(&shared->guard) == 0);
  while (!shared->isSignalled)
    CHECK(pthread_cond_timedwait(&shared->condition, &shared->guard, AFTER(CLOCK_MONOTONIC, kLateMs)) == 0);
  CHECK(pthread_mutex_unlock(&shared->guard) == 0);
}
static void signalIt(int pair) {
  (void)pair;
  CHECK(pthread_mutex_lock(&shared->guard) == 0);
  shared->isSignalled = 1;
  CHECK(pthread_cond_signal(&shared->condition) == 0);
  CHECK(pthread_mutex_unlock(&shared->guard) == 0);
}

/* Waits that may end without a reason. */
static int untilLate(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock) {
  int result;
  do
    result = pthread_cond_clockwait(condition, mutex, clock, AFTER(clock, kSoonMs));
  while (result == 0);
  return result;
}
static void awaitNoSignal(int pair) {
  (void)pair;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  CHECK(pthread_mutex_lock(&mutex) == 0);
  IN_VAIN(untilLate(&condition, &mutex, CLOCK_REALTIME) == ETIMEDOUT);
  IN_VAIN(untilLate(&condition, &mutex, CLOCK_MONOTONIC) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&mutex) == 0);
}

static void meet(int pair) {
  (void)pair;
  const int result = pthread_barrier_wait(&shared->barrier);
  CHECK(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
  ADD(shared->lasts, result != 0);
}

static void awaitPost(int pair) {
  (void)pair;
  CHECK(sem_wait(named) == 0);
}
static void post(int pair) {
  (void)pair;
  CHECK(sem_post(named) == 0);
}

static void awaitNoPost(int pair) {
  (void)pair;
  IN_VAIN(sem_timedwait(&shared->never, AFTER(CLOCK_REALTIME, kSoonMs)) == -1 && errno == ETIMEDOUT);
  IN_VAIN(sem_clockwait(&shared->never, CLOCK_MONOTONIC, AFTER(CLOCK_MONOTONIC, kSoonMs)) == -1 && errno == ETIMEDOUT);
}

static void *endWhenPosted(void *argument) {
  CHECK(sem_wait(ofThread) == 0);
  return argument;
}
static void joinLate(int pair) {
  (void)pair;
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, endWhenPosted, NULL) == 0);
  CHECK(pthread_timedjoin_np(thread, NULL, AFTER(CLOCK_REALTIME, kLateMs)) == 0);
}
static void postToThread(int pair) {
  (void)pair;
  CHECK(sem_post(ofThread) == 0);
}

static void wantOwnOfC11(int pair) {
  (void)pair;
  mtx_t mutex;
  CHECK(mtx_init(&mutex, mtx_timed) == thrd_success && mtx_lock(&mutex) == thrd_success);
  IN_VAIN(mtx_timedlock(&mutex, AFTER(CLOCK_REALTIME, kSoonMs)) == thrd_timedout);
  CHECK(mtx_unlock(&mutex) == thrd_success);
  mtx_destroy(&mutex);
}

static void beat(int pair) { BEAT_UNTIL_ENDED(pair); }

static const Pair pairs[] = {
    {wantKeptMutex, keepMutex},
    {wantLentMutex, lendMutex},
    {wantRobust, lendRobust},
    {wantToWrite, keepForReading},
    {wantToWriteLate, lendForReading},
    {awaitSignal, signalIt},
    {awaitNoSignal, beat},
    {meet, meet},
    {awaitPost, post},
    {awaitNoPost, beat},
    {joinLate, postToThread},
    {wantOwnOfC11, beat},
};
FOR_PAIRS;

static sem_t *openSemaphore(const char *of) {
  char name[64];
  snprintf(name, sizeof name, "/waits-for-locks-%d-%s", (int)getpid(), of);
  sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
  CHECK(semaphore != SEM_FAILED);
  CHECK(sem_unlink(name) == 0);
  return semaphore;
}

int flux_init(int argc, char **argv) {
  (void)argv;
  const int among = argc == 2 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
  pthread_mutexattr_t mutex;
  pthread_mutexattr_init(&mutex);
  pthread_mutexattr_setpshared(&mutex, among);
  pthread_mutex_init(&shared->kept, &mutex);
  pthread_mutex_init(&shared->lent, &mutex);
  pthread_mutex_init(&shared->guard, &mutex);
  pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&shared->robust, &mutex);

  pthread_rwlockattr_t rwlock;
  pthread_rwlockattr_init(&rwlock);
  pthread_rwlockattr_setpshared(&rwlock, among);
  pthread_rwlock_init(&shared->keptForReading, &rwlock);
  pthread_rwlock_init(&shared->lentForReading, &rwlock);

  pthread_condattr_t condition;
  pthread_condattr_init(&condition);
  pthread_condattr_setpshared(&condition, among);
  pthread_condattr_setclock(&condition, CLOCK_MONOTONIC);
  pthread_cond_init(&shared->condition, &condition);

  pthread_barrierattr_t barrier;
  pthread_barrierattr_init(&barrier);
  pthread_barrierattr_setpshared(&barrier, among);
  pthread_barrier_init(&shared->barrier, &barrier, 2);

  CHECK(sem_init(&shared->never, among == PTHREAD_PROCESS_SHARED, 0) == 0);
  named = openSemaphore("flow");
  ofThread = openSemaphore("thread");
  return 0;
}

void flux_shutdown(void) {
  checkPairs();
  CHECK(shared->lasts == 1);
  CHECK(sem_close(named) == 0 && sem_close(ofThread) == 0);
}
