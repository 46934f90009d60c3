#include "check.h"
#include "in-flight-names.flux.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>

static int flows;
SHARED({ int next, done; });

int flux_init(int argc, char **argv) {
  (void)argc, (void)argv;
  CHECK(getenv("SLOW_NAMES") && (flows = atoi(getenv("SLOW_NAMES"))) > 0);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < flows ? 0 : FLUX_STOP; }

int LookUp(LookUp_in *in, LookUp_out *out) {
  char service[20];
  struct addrinfo *found, hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
  snprintf(service, sizeof service, "%d", in->n + 1);
  CHECK(getaddrinfo("127.0.0.1", service, &hints, &found) == 0);
  out->n = in->n;
  out->port = ntohs(((struct sockaddr_in *)found->ai_addr)->sin_port);
  freeaddrinfo(found);
  return 0;
}

int Check(Check_in *in) {
  CHECK(in->port == in->n + 1);
  ADD(shared->done, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->done) == flows); }
