#include "in-flight-dns.flux.h"
#include "name_server.h"

#include <netdb.h>

SHARED({ int next, done; });

int flux_init(int argc, char **argv) {
  startNameServer(argc, argv);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < names.expected ? 0 : FLUX_STOP; }

int LookUp(LookUp_in *in, LookUp_out *out) {
  char name[30];
  struct addrinfo *found, hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
  snprintf(name, sizeof name, "n%d.example.", in->n);
  const int error = getaddrinfo(name, "80", &hints, &found);
  if (error)
    fprintf(stderr, "%s: %s\n", name, gai_strerror(error));
  CHECK(error == 0);
  out->n = in->n;
  out->address = (int)ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr);
  freeaddrinfo(found);
  return 0;
}

int Check(Check_in *in) {
  CHECK(in->address == addressOf(in->n));
  ADD(shared->done, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->done) == names.expected); }
