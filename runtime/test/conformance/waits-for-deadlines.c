#define _GNU_SOURCE
#include "waits-for-deadlines.flux.h"
#include "waits.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

SHARED({ PAIRS; });

static int quiet, full; /* the other end of one says nothing, that of the other takes nothing */
static int listener, crowded, queued;
static struct sockaddr_un crowdedAddress;
static socklen_t crowdedLength;

static const struct timeval soon = {0, kSoonMs * 1000};

static void receiveInVain(int pair) {
  (void)pair;
  char bytes[8];
  struct iovec part = {bytes, sizeof bytes};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  struct mmsghdr messages = {.msg_hdr = message};
  IN_VAIN(recv(quiet, bytes, sizeof bytes, 0) == -1 && errno == EAGAIN);
  IN_VAIN(recv(quiet, bytes, sizeof bytes, MSG_WAITALL) == -1 && errno == EAGAIN);
  IN_VAIN(recvmsg(quiet, &message, 0) == -1 && errno == EAGAIN);
  IN_VAIN(recvmmsg(quiet, &messages, 1, 0, NULL) == -1 && errno == EAGAIN);
  IN_VAIN(read(quiet, bytes, sizeof bytes) == -1 && errno == EAGAIN);
  IN_VAIN(readv(quiet, &part, 1) == -1 && errno == EAGAIN);
}

static void sendInVain(int pair) {
  (void)pair;
  static char bytes[1 << 16];
  struct iovec part = {bytes, sizeof bytes};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  while (send(full, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
  }
  IN_VAIN(send(full, bytes, sizeof bytes, 0) == -1 && errno == EAGAIN);
  IN_VAIN(sendmsg(full, &message, 0) == -1 && errno == EAGAIN);
  IN_VAIN(write(full, bytes, sizeof bytes) == -1 && errno == EAGAIN);
  IN_VAIN(writev(full, &part, 1) == -1 && errno == EAGAIN);
}

static void acceptInVain(int pair) {
  (void)pair;
  IN_VAIN(accept(listener, NULL, NULL) == -1 && errno == EAGAIN);
  IN_VAIN(accept4(listener, NULL, NULL, SOCK_CLOEXEC) == -1 && errno == EAGAIN);
}

static void connectInVain(int pair) {
  (void)pair;
  const int client = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon) == 0);
  IN_VAIN(connect(client, (struct sockaddr *)&crowdedAddress, crowdedLength) == -1 && errno == EAGAIN);
  close(client);
}

static int selectQuiet(void) {
  struct timeval left = soon;
  fd_set set;
  FD_ZERO(&set);
  FD_SET(quiet, &set);
  return select(quiet + 1, &set, NULL, NULL, &left);
}
static int pselectQuiet(void) {
  const struct timespec time = {0, kSoonMs * 1000000L};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(quiet, &set);
  return pselect(quiet + 1, &set, NULL, NULL, &time, NULL);
}
static void waitInVain(int pair) {
  (void)pair;
  const struct timespec time = {0, kSoonMs * 1000000L};
  struct pollfd asked = {quiet, POLLIN, 0};
  IN_VAIN(poll(&asked, 1, kSoonMs) == 0);
  IN_VAIN(ppoll(&asked, 1, &time, NULL) == 0);
  IN_VAIN(selectQuiet() == 0);
  IN_VAIN(pselectQuiet() == 0);
  struct epoll_event event = {.events = EPOLLIN};
  const int epoll = epoll_create1(0);
  CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, quiet, &event) == 0);
  IN_VAIN(epoll_wait(epoll, &event, 1, kSoonMs) == 0);
  close(epoll);
}

static void beat(int pair) { BEAT_UNTIL_ENDED(pair); }

static const Pair pairs[] = {
    {receiveInVain, beat}, {sendInVain, beat}, {acceptInVain, beat}, {connectInVain, beat}, {waitInVain, beat},
};
FOR_PAIRS;

static int openPair(int option) {
  int ends[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  CHECK(setsockopt(ends[0], SOL_SOCKET, option, &soon, sizeof soon) == 0);
  return ends[0];
}

/* Listens where the system finds a name. */
static int openListener(int backlog, struct sockaddr_un *address, socklen_t *length) {
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  const sa_family_t family = AF_UNIX;
  *length = sizeof *address;
  CHECK(bind(fd, (const struct sockaddr *)&family, sizeof family) == 0 && listen(fd, backlog) == 0);
  CHECK(getsockname(fd, (struct sockaddr *)address, length) == 0);
  CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
  return fd;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  struct sockaddr_un ignored;
  socklen_t length;
  quiet = openPair(SO_RCVTIMEO);
  full = openPair(SO_SNDTIMEO);
  listener = openListener(1, &ignored, &length);
  crowded = openListener(0, &crowdedAddress, &crowdedLength);
  queued = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(connect(queued, (struct sockaddr *)&crowdedAddress, crowdedLength) == 0);
  return 0;
}

void flux_shutdown(void) { checkPairs(); }
