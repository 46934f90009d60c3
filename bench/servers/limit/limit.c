/* limit.c - the least that a web server can do: the physical limit that the others are measured against.
 *
 *   limit PORT DIRECTORY      serves the files of a directory on 127.0.0.1, from memory, until it is killed
 *
 * One thread, one epoll instance, one read and one send for a request, no parsing beyond the first line and the end of
 * the head, no options, no time limits, no logs. Nobody should serve anything with it. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { kMaxFiles = 16, kMaxConnections = 65536, kHead = 4096, kEvents = 256 };

struct File {
  char start[300]; /* of a request for it: "GET /name " */
  size_t startLength;
  char *answer; /* head and content */
  size_t length;
};

struct Connection {
  char head[kHead];
  size_t have;
  const struct File *sending; /* an answer that did not fit into the socket, and what has been sent of it */
  size_t sent;
};

static struct File files[kMaxFiles];
static int numFiles;
static struct Connection *connections[kMaxConnections];

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void load(const char *directory, const char *name) {
  struct File *file = &files[numFiles++];
  char path[4096];
  struct stat status;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *in = fopen(path, "rb");
  if (!in || fstat(fileno(in), &status) != 0)
    die(path);
  const size_t size = (size_t)status.st_size;
  file->startLength = (size_t)snprintf(file->start, sizeof file->start, "GET /%s ", name);
  if (!(file->answer = malloc(size + 256)))
    die("malloc");
  file->length = (size_t)sprintf(file->answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
  if (fread(file->answer + file->length, 1, size, in) != size)
    die(path);
  file->length += size;
  fclose(in);
}

static void loadAll(const char *directory) {
  DIR *entries = opendir(directory);
  if (!entries)
    die(directory);
  for (struct dirent *entry; (entry = readdir(entries)) && numFiles < kMaxFiles;)
    if (entry->d_name[0] != '.')
      load(directory, entry->d_name);
  closedir(entries);
}

static const struct File *find(const char *head) {
  for (int i = 0; i < numFiles; ++i)
    if (memcmp(head, files[i].start, files[i].startLength) == 0)
      return &files[i];
  return NULL;
}

static int listenOn(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4096) != 0)
    die("listen");
  return fd;
}

static void acceptAll(int epoll, int listener) {
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    const int on = 1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = fd};
    if (fd >= kMaxConnections || !(connections[fd] = calloc(1, sizeof(struct Connection)))) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

/* Sends what is left of the answer. 1: all is sent, 0: the socket is full, -1: the connection has failed. */
static int flush(int fd, struct Connection *connection) {
  while (connection->sending) {
    const struct File *file = connection->sending;
    const ssize_t n = send(fd, file->answer + connection->sent, file->length - connection->sent, MSG_NOSIGNAL);
    if (n < 0)
      return errno == EAGAIN ? 0 : -1;
    connection->sent += (size_t)n;
    if (connection->sent == file->length)
      connection->sending = NULL;
  }
  return 1;
}

/* Answers what has been read completely. As flush(). */
static int answer(int fd, struct Connection *connection) {
  char *end;
  while ((end = memmem(connection->head, connection->have, "\r\n\r\n", 4))) {
    connection->sending = find(connection->head);
    if (!connection->sending)
      return -1;
    connection->sent = 0;
    const size_t used = (size_t)(end + 4 - connection->head);
    connection->have -= used;
    memmove(connection->head, connection->head + used, connection->have);
    const int flushed = flush(fd, connection);
    if (flushed <= 0)
      return flushed;
  }
  return connection->have < kHead ? 1 : -1;
}

/* Edge-triggered: goes on until the socket has nothing more to read or takes nothing more. -1: close it. */
static int serve(int fd, struct Connection *connection) {
  int state = flush(fd, connection);
  if (state > 0)
    state = answer(fd, connection);
  while (state > 0) {
    const size_t room = kHead - connection->have;
    const ssize_t n = recv(fd, connection->head + connection->have, room, 0);
    if (n <= 0)
      return n < 0 && errno == EAGAIN ? 0 : -1;
    connection->have += (size_t)n;
    state = answer(fd, connection);
    if (state > 0 && (size_t)n < room)
      return 0; /* the socket was empty: what comes later is a new edge */
  }
  return state;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: limit PORT DIRECTORY\n");
    return 2;
  }
  loadAll(argv[2]);
  const int listener = listenOn(atoi(argv[1])), epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[kEvents];
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    const int count = epoll_wait(epoll, events, kEvents, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        acceptAll(epoll, listener);
      } else if (serve(fd, connections[fd]) < 0) {
        free(connections[fd]);
        close(fd);
      }
    }
  }
}
