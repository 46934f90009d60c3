#include "check.h"
#include "library-hiredis.flux.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

enum { kFlows = 60, kKeys = 5 };
SHARED({ int next; });

/* The database: SET, GET and INCR of numbers, as Redis speaks. A thread for each connection. */
static int listener, port;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
  char key[32];
  long value;
} entries[1 + kFlows * kKeys];

static long *entryOf(const char *key) {
  int i = 0;
  while (entries[i].key[0] && strcmp(entries[i].key, key) != 0)
    ++i;
  snprintf(entries[i].key, sizeof entries[i].key, "%s", key);
  return &entries[i].value;
}

/* Reads a command: an array of texts. Returns how many, 0 at the end. */
static int readCommand(FILE *from, char words[3][32]) {
  char line[64];
  if (!fgets(line, sizeof line, from))
    return 0;
  const int count = atoi(line + 1);
  CHECK(line[0] == '*' && count >= 1 && count <= 3);
  for (int i = 0; i < count; ++i) {
    CHECK(fgets(line, sizeof line, from) && line[0] == '$');
    CHECK(fgets(words[i], 32, from));
    words[i][strcspn(words[i], "\r\n")] = 0;
  }
  return count;
}

static void *serve(void *argument) {
  const int fd = (int)(long)argument;
  FILE *from = fdopen(fd, "r");
  char words[3][32];
  for (int count; (count = readCommand(from, words)) > 0;) {
    pthread_mutex_lock(&mutex);
    long *value = entryOf(words[1]);
    if (count == 3)
      *value = atol(words[2]);
    else if (strcasecmp(words[0], "INCR") == 0)
      ++*value;
    const long answer = *value;
    pthread_mutex_unlock(&mutex);
    if (count == 3)
      dprintf(fd, "+OK\r\n");
    else
      dprintf(fd, ":%ld\r\n", answer);
  }
  fclose(from);
  return NULL;
}

static void *listenForClients(void *unused) {
  for (;;) {
    pthread_t thread;
    const int fd = accept(listener, NULL, NULL);
    if (fd < 0)
      return unused;
    CHECK(pthread_create(&thread, NULL, serve, (void *)(long)fd) == 0);
    pthread_detach(thread);
  }
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  pthread_t thread;
  CHECK((listener = socket(AF_INET, SOCK_STREAM, 0)) >= 0);
  CHECK(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 128) == 0);
  CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
  port = ntohs(address.sin_port);
  CHECK(pthread_create(&thread, NULL, listenForClients, NULL) == 0);
  pthread_detach(thread);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

static redisReply *next(redisContext *redis) {
  void *reply = NULL;
  CHECK(redisGetReply(redis, &reply) == REDIS_OK);
  return reply;
}

/* All commands go before the first answer is looked at. */
int Store(Store_in *in, Store_out *out) {
  redisContext *redis = redisConnect("127.0.0.1", port);
  CHECK(redis && redis->err == 0);
  for (int i = 0; i < kKeys; ++i)
    CHECK(redisAppendCommand(redis, "SET key%d-%d %d", in->n, i, in->n * 100 + i) == REDIS_OK);
  for (int i = 0; i < kKeys; ++i) {
    redisReply *reply = next(redis);
    CHECK(reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "OK") == 0);
    freeReplyObject(reply);
  }
  out->n = in->n;
  out->redis = (int64_t)redis;
  return 0;
}

int Find(Find_in *in, Find_out *out) {
  redisContext *redis = (redisContext *)in->redis;
  for (int i = 0; i < kKeys; ++i) {
    redisReply *reply = redisCommand(redis, "GET key%d-%d", in->n, i);
    CHECK(reply && reply->type == REDIS_REPLY_INTEGER && reply->integer == in->n * 100 + i);
    freeReplyObject(reply);
  }
  out->n = in->n;
  out->redis = in->redis;
  return 0;
}

int Count(Count_in *in) {
  redisContext *redis = (redisContext *)in->redis;
  redisReply *reply = redisCommand(redis, "INCR flows");
  CHECK(reply && reply->type == REDIS_REPLY_INTEGER);
  freeReplyObject(reply);
  redisFree(redis);
  return 0;
}

void flux_shutdown(void) {
  pthread_mutex_lock(&mutex);
  CHECK(*entryOf("flows") == kFlows);
  pthread_mutex_unlock(&mutex);
}
