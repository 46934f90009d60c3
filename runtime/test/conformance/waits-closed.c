#define _GNU_SOURCE
#include "waits-closed.flux.h"
#include "waits.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

SHARED({ PAIRS; });
static int used[kMaxPairs][2], others[kMaxPairs][2];
static FILE *stream;

static void receive(int pair) {
  char bytes[8];
  CHECK(recv(used[pair][0], bytes, 8, 0) == -1 && errno == EBADF);
}
static void readBytes(int pair) {
  char bytes[8];
  CHECK(read(used[pair][0], bytes, 8) == -1 && errno == EBADF);
}
static void peekInto(int pair) {
  char bytes[8];
  struct iovec part = {bytes, 8};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  CHECK(recvmsg(used[pair][0], &message, MSG_PEEK) == -1 && errno == EBADF);
}
static void pollIt(int pair) {
  struct pollfd asked = {used[pair][0], POLLIN, 0};
  CHECK(poll(&asked, 1, -1) == 1 && asked.revents == POLLNVAL);
}

/* What comes through the other file is nothing for the flow that waits, and is still there behind it. */
static void useAgain(int pair) {
  char bytes[8];
  CHECK(send(others[pair][1], "other", 5, 0) == 5);
  UNTIL(READ(shared->ended[pair]));
  CHECK(recv(used[pair][0], bytes, 8, 0) == 5 && memcmp(bytes, "other", 5) == 0);
}
static void replace(int pair) {
  CHECK(dup2(others[pair][0], used[pair][0]) == used[pair][0]);
  useAgain(pair);
}
static void replaceToo(int pair) {
  CHECK(dup3(others[pair][0], used[pair][0], O_CLOEXEC) == used[pair][0]);
  useAgain(pair);
}
static void closeAndUseAgain(int pair) {
  CHECK(close(used[pair][0]) == 0);
  CHECK(fcntl(others[pair][0], F_DUPFD, used[pair][0]) == used[pair][0]);
  useAgain(pair);
}
static void closeRangeAndUseAgain(int pair) {
  CHECK(close_range((unsigned)used[pair][0], (unsigned)used[pair][0], 0) == 0);
  CHECK(fcntl(others[pair][0], F_DUPFD, used[pair][0]) == used[pair][0]);
  useAgain(pair);
}
static void closeStream(int pair) {
  CHECK(fclose(stream) == 0);
  CHECK(fcntl(others[pair][0], F_DUPFD, used[pair][0]) == used[pair][0]);
  useAgain(pair);
}

enum { kOfStream = 5 };
static const Pair pairs[] = {
    {receive, replace},
    {readBytes, replaceToo},
    {receive, closeAndUseAgain},
    {peekInto, closeAndUseAgain},
    {receive, closeRangeAndUseAgain},
    {readBytes, closeStream},
    {pollIt, replace},
};
FOR_PAIRS;

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  for (int i = 0; i < kPairs; ++i)
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, used[i]) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, others[i]) == 0);
  stream = fdopen(used[kOfStream][0], "r");
  CHECK(stream);
  return 0;
}

void flux_shutdown(void) { checkPairs(); }
