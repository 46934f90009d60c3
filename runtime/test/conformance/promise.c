#include "check.h"
#include "promise.flux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

enum { kFlows = 50 };
SHARED({
  int next, ended;
  int inside; /* plain: the constraint on Inside protects it */
});
static int ends[2]; /* nobody ever sends, and the receiver does not wait for ever */

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  const struct timeval limit = {0, 500};
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  CHECK(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

int Enter(Enter_in *in, Enter_out *out) {
  CHECK(++shared->inside == 1);
  return out->n = in->n, 0;
}

int Wait(Wait_in *in, Wait_out *out) {
  CHECK(usleep(in->n % 2 * 200) == 0); /* one for no time gives way to others, too */
  return out->n = in->n, 0;
}

int Leave(Leave_in *in, Leave_out *out) {
  CHECK(--shared->inside == 0);
  return out->n = in->n, 0;
}

int Read(Read_in *in, Read_out *out) {
  char byte;
  CHECK(read(ends[0], &byte, 1) == -1 && errno == EAGAIN);
  return out->n = in->n, 0;
}

int Open(Open_in *in, Open_out *out) {
  CHECK(close(open("/dev/null", O_RDONLY)) == 0);
  return out->n = in->n, 0;
}

int Reap(Reap_in *in, Reap_out *out) {
  if (in->n == 0) {
    const pid_t child = fork();
    if (child == 0) {
      usleep(20000);
      _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
  }
  return out->n = in->n, 0;
}

/* Of this one nothing is declared. */
int Again(Again_in *in) {
  (void)in;
  CHECK(usleep(10) == 0);
  ADD(shared->ended, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->ended) == kFlows); }
