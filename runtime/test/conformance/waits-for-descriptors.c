#define _GNU_SOURCE
#include "waits-for-descriptors.flux.h"
#include "waits.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

SHARED({ PAIRS; });
enum { kSockets = 6 };
static int sockets[kSockets][2]; /* made before the flows, and so in all processes */
static int counter, timer, watch;
static char fifo[256], created[256], locked[256], ofDescription[256];

enum { kPolled, kSelected, kSpliced, kMessages, kLines, kHalves };

static void sendTo(int which) { CHECK(send(sockets[which][1], "12345678", 8, 0) == 8); }

static void awaitByPpoll(int pair) {
  (void)pair;
  struct pollfd asked = {sockets[kPolled][0], POLLIN, 0};
  const struct timespec late = {kLateMs / 1000, 0};
  CHECK(ppoll(&asked, 1, &late, NULL) == 1 && asked.revents == POLLIN);
}
static void sendToPpoll(int pair) {
  (void)pair;
  sendTo(kPolled);
}

static void awaitByPselect(int pair) {
  (void)pair;
  const int fd = sockets[kSelected][0];
  const struct timespec late = {kLateMs / 1000, 0};
  fd_set asked;
  FD_ZERO(&asked);
  FD_SET(fd, &asked);
  CHECK(pselect(fd + 1, &asked, NULL, NULL, &late, NULL) == 1 && FD_ISSET(fd, &asked));
}
static void sendToPselect(int pair) {
  (void)pair;
  sendTo(kSelected);
}

static void spliceToPipe(int pair) {
  (void)pair;
  int ends[2];
  char bytes[8];
  CHECK(pipe(ends) == 0);
  CHECK(splice(sockets[kSpliced][0], NULL, ends[1], NULL, 8, 0) == 8);
  CHECK(read(ends[0], bytes, 8) == 8 && memcmp(bytes, "12345678", 8) == 0);
  close(ends[0]);
  close(ends[1]);
}
static void sendToSplice(int pair) {
  (void)pair;
  sendTo(kSpliced);
}

static void receiveMessages(int pair) {
  (void)pair;
  char bytes[2][4];
  struct iovec parts[] = {{bytes[0], 4}, {bytes[1], 4}};
  struct mmsghdr messages[] = {{.msg_hdr = {.msg_iov = &parts[0], .msg_iovlen = 1}},
                               {.msg_hdr = {.msg_iov = &parts[1], .msg_iovlen = 1}}};
  CHECK(recvmmsg(sockets[kMessages][0], messages, 2, 0, NULL) == 2);
  CHECK(memcmp(bytes, "12345678", 8) == 0);
}
static void sendMessages(int pair) {
  (void)pair;
  sendTo(kMessages);
}

static void readLine(int pair) {
  (void)pair;
  char *line = NULL;
  size_t room = 0;
  FILE *stream = fdopen(dup(sockets[kLines][0]), "r");
  CHECK(stream && getline(&line, &room, stream) == 5 && strcmp(line, "line\n") == 0);
  CHECK(fclose(stream) == 0);
  free(line);
}
static void sendLine(int pair) {
  (void)pair;
  CHECK(send(sockets[kLines][1], "line\n", 5, 0) == 5);
}

static void receiveAll(int pair) {
  (void)pair;
  char bytes[8];
  CHECK(recv(sockets[kHalves][0], bytes, 8, MSG_WAITALL) == 8 && memcmp(bytes, "12345678", 8) == 0);
}
static void sendHalves(int pair) {
  (void)pair;
  CHECK(send(sockets[kHalves][1], "1234", 4, 0) == 4);
  usleep(1000);
  CHECK(send(sockets[kHalves][1], "5678", 4, 0) == 4);
}

static void readCounter(int pair) {
  (void)pair;
  uint64_t count;
  CHECK(read(counter, &count, sizeof count) == sizeof count && count == 7);
}
static void addToCounter(int pair) {
  (void)pair;
  const uint64_t count = 7;
  CHECK(write(counter, &count, sizeof count) == sizeof count);
}

static void readTimer(int pair) {
  (void)pair;
  uint64_t ends;
  CHECK(read(timer, &ends, sizeof ends) == sizeof ends && ends == 1);
}
static void setTimer(int pair) {
  (void)pair;
  const struct itimerspec soon = {.it_value = {0, kSoonMs * 1000000L}};
  CHECK(timerfd_settime(timer, 0, &soon, NULL) == 0);
}

static void readWatch(int pair) {
  (void)pair;
  _Alignas(struct inotify_event) char bytes[512];
  CHECK(read(watch, bytes, sizeof bytes) > 0);
  CHECK(((struct inotify_event *)bytes)->mask & IN_CREATE);
}
static void createWatched(int pair) {
  (void)pair;
  const int fd = open(created, O_CREAT | O_RDWR, 0600);
  CHECK(fd >= 0 && close(fd) == 0);
}

/* Each end waits for the other one to be opened. */
static void readFifo(int pair) {
  (void)pair;
  char bytes[8];
  const int fd = open(fifo, O_RDONLY);
  CHECK(fd >= 0 && read(fd, bytes, 8) == 4 && memcmp(bytes, "fifo", 4) == 0);
  CHECK(read(fd, bytes, 8) == 0 && close(fd) == 0);
}
static void writeFifo(int pair) {
  (void)pair;
  const int fd = open(fifo, O_WRONLY);
  CHECK(fd >= 0);
  usleep(1000);
  CHECK(write(fd, "fifo", 4) == 4 && close(fd) == 0);
}

static int openToLock(const char *path) {
  const int fd = open(path, O_CREAT | O_RDWR, 0600);
  CHECK(fd >= 0);
  return fd;
}
static void wantFile(int pair) {
  const int fd = openToLock(locked);
  UNTIL(READ(shared->held[pair]));
  CHECK(flock(fd, LOCK_EX) == 0 && close(fd) == 0);
}
static void lendFile(int pair) {
  const int fd = openToLock(locked);
  CHECK(flock(fd, LOCK_EX) == 0);
  HOLD_FOR_A_WHILE(pair);
  CHECK(flock(fd, LOCK_UN) == 0 && close(fd) == 0);
}

static void wantDescription(int pair) {
  struct flock lock = {.l_type = F_WRLCK};
  const int fd = openToLock(ofDescription);
  UNTIL(READ(shared->held[pair]));
  CHECK(fcntl(fd, F_OFD_SETLKW, &lock) == 0 && close(fd) == 0);
}
static void lendDescription(int pair) {
  struct flock lock = {.l_type = F_WRLCK};
  const int fd = openToLock(ofDescription);
  CHECK(fcntl(fd, F_OFD_SETLKW, &lock) == 0);
  HOLD_FOR_A_WHILE(pair);
  CHECK(close(fd) == 0);
}

static const Pair pairs[] = {
    {awaitByPpoll, sendToPpoll},  {awaitByPselect, sendToPselect},
    {spliceToPipe, sendToSplice}, {receiveMessages, sendMessages},
    {readLine, sendLine},         {receiveAll, sendHalves},
    {readCounter, addToCounter},  {readTimer, setTimer},
    {readWatch, createWatched},   {readFifo, writeFifo},
    {wantFile, lendFile},         {wantDescription, lendDescription},
};
FOR_PAIRS;

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  for (int i = 0; i < kSockets; ++i)
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]) == 0);
  counter = eventfd(0, 0);
  timer = timerfd_create(CLOCK_MONOTONIC, 0);
  watch = inotify_init();
  CHECK(counter >= 0 && timer >= 0 && watch >= 0);
  snprintf(fifo, sizeof fifo, "%s/fifo", argv[1]);
  snprintf(created, sizeof created, "%s/watched/created", argv[1]);
  snprintf(locked, sizeof locked, "%s/locked", argv[1]);
  snprintf(ofDescription, sizeof ofDescription, "%s/of-description", argv[1]);
  CHECK(mkfifo(fifo, 0600) == 0);
  char watched[256];
  snprintf(watched, sizeof watched, "%s/watched", argv[1]);
  CHECK(mkdir(watched, 0700) == 0 && inotify_add_watch(watch, watched, IN_CREATE) >= 0);
  return 0;
}

void flux_shutdown(void) { checkPairs(); }
