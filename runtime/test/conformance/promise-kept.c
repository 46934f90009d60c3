#define _GNU_SOURCE
#include "check.h"
#include "promise-kept.flux.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kFlows = 50 };
SHARED({
  int next, ended;
  int inside; /* plain: the constraint on Flow protects it */
});
static int ends[2]; /* nobody ever sends */

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

int Enter(Enter_in *in, Enter_out *out) {
  CHECK(++shared->inside == 1);
  return out->n = in->n, 0;
}

int Transfer(Transfer_in *in, Transfer_out *out) {
  char byte = 0;
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  CHECK(recv(ends[0], &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
  CHECK(recvmsg(ends[0], &message, MSG_DONTWAIT) == -1 && errno == EAGAIN);
  return out->n = in->n, 0;
}

/* Descriptors that the node makes, and makes non-blocking. */
int Own(Own_in *in, Own_out *out) {
  const struct sockaddr_in anywhere = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  CHECK(bind(listener, (const struct sockaddr *)&anywhere, sizeof anywhere) == 0 && listen(listener, 1) == 0);
  CHECK(accept(listener, NULL, NULL) == -1 && errno == EAGAIN);
  close(listener);
  const int counter = eventfd(0, EFD_NONBLOCK);
  uint64_t count;
  CHECK(read(counter, &count, sizeof count) == -1 && errno == EAGAIN);
  close(counter);
  const int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  fcntl(datagrams, F_SETFL, fcntl(datagrams, F_GETFL) | O_NONBLOCK);
  char byte;
  CHECK(recv(datagrams, &byte, 1, 0) == -1 && errno == EAGAIN);
  close(datagrams);
  return out->n = in->n, 0;
}

/* Looking costs no time. */
int Look(Look_in *in, Look_out *out) {
  struct pollfd end = {.fd = ends[0], .events = POLLIN};
  struct timeval none = {0, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  CHECK(poll(&end, 1, 0) == 0);
  CHECK(select(ends[0] + 1, &set, NULL, NULL, &none) == 0);
  const int set_of_events = epoll_create1(0);
  struct epoll_event event;
  CHECK(epoll_wait(set_of_events, &event, 1, 0) == 0);
  close(set_of_events);
  return out->n = in->n, 0;
}

int Reap(Reap_in *in, Reap_out *out) {
  CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
  return out->n = in->n, 0;
}

int Leave(Leave_in *in) {
  (void)in;
  CHECK(--shared->inside == 0);
  ADD(shared->ended, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->ended) == kFlows); }
