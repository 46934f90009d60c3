#include "check.h"
#include "shared-listener.flux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <flux/flux.h>
#include <pthread.h>
#include <sys/socket.h>

enum { kClients = 2000 };
static struct sockaddr_in address;
static int listener;
SHARED({ int answered; });

static void *askAll(void *unused) {
  for (int i = 0; i < kClients; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    char byte;
    CHECK(client >= 0 && connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(i % 2 || read(client, &byte, 1) == 1); /* of two clients the second leaves at once */
    close(client);
  }
  flux_stop();
  return unused;
}

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  flux_replicate(NULL);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 100) == 0);
  CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
  static pthread_t clients;
  return pthread_create(&clients, NULL, askAll, NULL);
}

int Accept(Accept_out *out) {
  out->client = accept(listener, NULL, NULL);
  if (out->client >= 0)
    return 0;
  CHECK(errno == EINTR || errno == ECONNABORTED);
  return errno;
}

int Answer(Answer_in *in) {
  send(in->client, "!", 1, MSG_NOSIGNAL);
  close(in->client);
  ADD(shared->answered, 1);
  return 0;
}

/* The last clients may have left before they were accepted. */
void flux_shutdown(void) { CHECK(READ(shared->answered) >= kClients / 2); }
