/* slow-names.c - a getaddrinfo() in front of libc's that answers nobody before SLOW_NAMES callers have asked. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef int (*Lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t allHere = PTHREAD_COND_INITIALIZER;
static int callers;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **results) {
  const char *delay = getenv("SLOW_NAMES_DELAY");
  if (delay) /* to measure with */
    sleep((unsigned)atoi(delay));
  pthread_mutex_lock(&mutex);
  if (++callers == atoi(getenv("SLOW_NAMES")))
    pthread_cond_broadcast(&allHere);
  while (callers < atoi(getenv("SLOW_NAMES")))
    pthread_cond_wait(&allHere, &mutex);
  pthread_mutex_unlock(&mutex);
  Lookup libcs = (Lookup)dlsym(RTLD_NEXT, "getaddrinfo");
  return libcs(node, service, hints, results);
}
