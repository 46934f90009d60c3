/* name_server.h - a name server in the program, which runs in a network and a mount namespace of its own. It knows
 * n0.example, n1.example and so on, and answers nobody before all of them that it expects have been asked for. */
#ifndef NAME_SERVER_H
#define NAME_SERVER_H

#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* A question and the client that has asked it. */
struct question {
  struct sockaddr_in from;
  unsigned char packet[512];
  size_t size; /* 0: not asked yet */
};

static struct {
  int expected; /* how many names */
  unsigned delay;
  int asked;
  int socket;
  struct question *questions;
} names;

static inline int addressOf(int n) { return 0x0a000000 + n; }

static inline void answerName(int n) {
  struct question *q = &names.questions[n];
  static const unsigned char flags[] = {0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0}; /* a response: one question, one answer */
  unsigned char answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0}; /* the name above is an address */
  const uint32_t address = htonl((uint32_t)addressOf(n));
  unsigned char packet[sizeof q->packet + sizeof answer];
  memcpy(packet, q->packet, q->size);
  memcpy(packet + 2, flags, sizeof flags);
  memcpy(answer + 12, &address, sizeof address);
  memcpy(packet + q->size, answer, sizeof answer);
  sendto(names.socket, packet, q->size + sizeof answer, 0, (struct sockaddr *)&q->from, sizeof q->from);
}

/* Where the question ends, which begins behind the header: a list of labels, a type and a class. */
static inline size_t endOfQuestion(const unsigned char *packet, size_t size) {
  size_t at = 12;
  while (at < size && packet[at])
    at += packet[at] + 1u;
  return at + 5;
}

static inline void *runNameServer(void *unused) {
  for (;;) {
    struct question q;
    socklen_t length = sizeof q.from;
    const ssize_t size = recvfrom(names.socket, q.packet, sizeof q.packet, 0, (struct sockaddr *)&q.from, &length);
    if (size <= 12)
      continue;
    q.size = endOfQuestion(q.packet, (size_t)size);
    const int n = atoi((const char *)q.packet + 14); /* behind the header, a length and an 'n' */
    CHECK(n >= 0 && n < names.expected && q.size <= sizeof q.packet);
    const int isNew = names.questions[n].size == 0; /* UDP: a question may have been lost, and come again */
    names.questions[n] = q;
    names.asked += isNew;
    if (isNew && names.asked == names.expected) {
      sleep(names.delay);
      for (int i = 0; i < names.expected; ++i)
        answerName(i);
    } else if (names.asked == names.expected) {
      answerName(n);
    }
  }
  return unused;
}

static inline void bringLoopbackUp(void) {
  struct ifreq request = {.ifr_name = "lo"};
  const int any = socket(AF_INET, SOCK_DGRAM, 0);
  CHECK(ioctl(any, SIOCGIFFLAGS, &request) == 0);
  request.ifr_flags |= IFF_UP;
  CHECK(ioctl(any, SIOCSIFFLAGS, &request) == 0);
  close(any);
}

static inline void useNameServer(const char *text) {
  char file[] = "/tmp/flux-resolv-XXXXXX";
  const int fd = mkstemp(file);
  CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
  CHECK(mount(file, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0);
  unlink(file);
  close(fd);
}

/* Starts it, for as many names as the first argument of the program says; the second one is a delay to measure with. */
static inline void startNameServer(int argc, char **argv) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct rlimit files;
  pthread_t thread;
  CHECK(argc > 1 && (names.expected = atoi(argv[1])) > 0);
  names.delay = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
  CHECK((names.questions = calloc((size_t)names.expected, sizeof *names.questions)));
  CHECK(getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0);
  bringLoopbackUp();
  useNameServer("nameserver 127.0.0.1\noptions timeout:3 attempts:30\n");
  CHECK((names.socket = socket(AF_INET, SOCK_DGRAM, 0)) >= 0);
  /* Questions that come at once are lost when there is no room for them, and asked again only after the time-out. */
  const int room = 1 << 20;
  CHECK(setsockopt(names.socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room) == 0);
  CHECK(bind(names.socket, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(pthread_create(&thread, NULL, runNameServer, NULL) == 0 && pthread_detach(thread) == 0);
}

#endif
