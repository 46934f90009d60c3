#define _GNU_SOURCE
#include "waits-for-messages.flux.h"
#include "waits.h"

#include <errno.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

SHARED({ PAIRS; });
enum { kGiven, kKept, kSemaphores };
static mqd_t empty, full, never; /* each takes one message */
static int messages, semaphores;

static void receive(int pair) {
  (void)pair;
  char bytes[8];
  CHECK(mq_timedreceive(empty, bytes, sizeof bytes, NULL, AFTER(CLOCK_REALTIME, kLateMs)) == 5);
  CHECK(memcmp(bytes, "hello", 5) == 0);
}
static void sendHello(int pair) {
  (void)pair;
  CHECK(mq_send(empty, "hello", 5, 0) == 0);
}

static void sendToFull(int pair) {
  (void)pair;
  CHECK(mq_timedsend(full, "second", 6, 0, AFTER(CLOCK_REALTIME, kLateMs)) == 0);
}
static void makeRoom(int pair) {
  (void)pair;
  char bytes[8];
  CHECK(mq_receive(full, bytes, sizeof bytes, NULL) == 5 && memcmp(bytes, "first", 5) == 0);
  CHECK(mq_receive(full, bytes, sizeof bytes, NULL) == 6 && memcmp(bytes, "second", 6) == 0);
}

static void receiveInVain(int pair) {
  (void)pair;
  char bytes[8];
  IN_VAIN(mq_timedreceive(never, bytes, sizeof bytes, NULL, AFTER(CLOCK_REALTIME, kSoonMs)) == -1 &&
          errno == ETIMEDOUT);
}

static void receiveOfSystemV(int pair) {
  (void)pair;
  struct {
    long type;
    char text[8];
  } message;
  CHECK(msgrcv(messages, &message, sizeof message.text, 3, 0) == sizeof message.text);
  CHECK(strcmp(message.text, "of V") == 0);
}
static void sendOfSystemV(int pair) {
  (void)pair;
  const struct {
    long type;
    char text[8];
  } message = {3, "of V"};
  CHECK(msgsnd(messages, &message, sizeof message.text, 0) == 0);
}

static void take(int pair) {
  (void)pair;
  struct sembuf one = {kGiven, -1, 0};
  CHECK(semop(semaphores, &one, 1) == 0);
}
static void give(int pair) {
  (void)pair;
  struct sembuf one = {kGiven, 1, 0};
  CHECK(semop(semaphores, &one, 1) == 0);
}

static void takeInVain(int pair) {
  (void)pair;
  struct sembuf one = {kKept, -1, 0};
  const struct timespec soon = {0, kSoonMs * 1000000L};
  IN_VAIN(semtimedop(semaphores, &one, 1, &soon) == -1 && errno == EAGAIN);
}

static void awaitSignalInVain(int pair) {
  (void)pair;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  const struct timespec soon = {0, kSoonMs * 1000000L};
  IN_VAIN(sigtimedwait(&set, NULL, &soon) == -1 && errno == EAGAIN);
}

static void beat(int pair) { BEAT_UNTIL_ENDED(pair); }

static const Pair pairs[] = {
    {receive, sendHello}, {sendToFull, makeRoom}, {receiveInVain, beat},     {receiveOfSystemV, sendOfSystemV},
    {take, give},         {takeInVain, beat},     {awaitSignalInVain, beat},
};
FOR_PAIRS;

static mqd_t openQueue(const char *of) {
  struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
  char name[64];
  snprintf(name, sizeof name, "/waits-for-messages-%d-%s", (int)getpid(), of);
  const mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
  CHECK(queue != (mqd_t)-1 && mq_unlink(name) == 0);
  return queue;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  empty = openQueue("empty");
  full = openQueue("full");
  never = openQueue("never");
  CHECK(mq_send(full, "first", 5, 0) == 0);
  messages = msgget(IPC_PRIVATE, 0600);
  semaphores = semget(IPC_PRIVATE, kSemaphores, 0600);
  CHECK(messages >= 0 && semaphores >= 0);
  return 0;
}

void flux_shutdown(void) {
  CHECK(msgctl(messages, IPC_RMID, NULL) == 0 && semctl(semaphores, 0, IPC_RMID) == 0);
  checkPairs();
}
