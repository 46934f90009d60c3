/* slow-names.c - a getaddrinfo() in front of libc's that answers nobody before SLOW_NAMES callers have asked, in
 * whichever process of a server. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*Lookup)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static struct {
  pthread_mutex_t mutex;
  pthread_cond_t allHere;
  int callers;
} *shared;

__attribute__((constructor)) static void makeShared(void) {
  pthread_mutexattr_t mutex;
  pthread_condattr_t condition;
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_init(&mutex);
  pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&shared->mutex, &mutex);
  pthread_condattr_init(&condition);
  pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
  pthread_cond_init(&shared->allHere, &condition);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **results) {
  const char *delay = getenv("SLOW_NAMES_DELAY");
  if (delay) /* to measure with */
    sleep((unsigned)atoi(delay));
  pthread_mutex_lock(&shared->mutex);
  if (++shared->callers == atoi(getenv("SLOW_NAMES")))
    pthread_cond_broadcast(&shared->allHere);
  while (shared->callers < atoi(getenv("SLOW_NAMES")))
    pthread_cond_wait(&shared->allHere, &shared->mutex);
  pthread_mutex_unlock(&shared->mutex);
  Lookup libcs = (Lookup)dlsym(RTLD_NEXT, "getaddrinfo");
  return libcs(node, service, hints, results);
}
