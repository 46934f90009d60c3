/* slow_server.h - a server that is never quick: on loopback, and for the nodes of a program that shall have many flows
 * waiting at once. It says nothing to anybody before as many clients have come as it was told, so a program that does
 * not have that many flows in flight hangs. No clock is involved. */
#ifndef SLOW_SERVER_H
#define SLOW_SERVER_H

#include "check.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

static struct {
  int clients;    /* how many it waits for */
  unsigned delay; /* and for how many seconds then */
  const char *answer;
  int listener;
  int port;
  pthread_t thread;
} slow;

static inline void *runSlowServer(void *unused) {
  int *fds = malloc((size_t)slow.clients * sizeof *fds);
  for (int i = 0; i < slow.clients; ++i)
    CHECK((fds[i] = accept(slow.listener, NULL, NULL)) >= 0);
  sleep(slow.delay);
  const ssize_t length = (ssize_t)strlen(slow.answer);
  for (int i = 0; i < slow.clients; ++i)
    CHECK(write(fds[i], slow.answer, (size_t)length) == length && shutdown(fds[i], SHUT_WR) == 0);
  for (int i = 0; i < slow.clients; ++i) {
    char rest[1024]; /* what the client has asked: closing before it is read could take the answer away */
    while (read(fds[i], rest, sizeof rest) > 0) {
    }
    close(fds[i]);
  }
  free(fds);
  close(slow.listener);
  return unused;
}

/* Starts it, for as many clients as the first argument of the program says; the second one is a delay to measure with.
 */
static inline void startSlowServer(int argc, char **argv, const char *answer) {
  struct rlimit files;
  CHECK(argc > 1 && (slow.clients = atoi(argv[1])) > 0);
  slow.delay = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
  slow.answer = answer;
  CHECK(getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  CHECK((slow.listener = socket(AF_INET, SOCK_STREAM, 0)) >= 0);
  CHECK(bind(slow.listener, (struct sockaddr *)&address, length) == 0 && listen(slow.listener, 4096) == 0);
  CHECK(getsockname(slow.listener, (struct sockaddr *)&address, &length) == 0);
  slow.port = ntohs(address.sin_port);
  CHECK(pthread_create(&slow.thread, NULL, runSlowServer, NULL) == 0);
}

static inline void joinSlowServer(void) { CHECK(pthread_join(slow.thread, NULL) == 0); }

#endif
