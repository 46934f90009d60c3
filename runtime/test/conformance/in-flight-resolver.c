#include "in-flight-resolver.flux.h"
#include "name_server.h"

/* Of <resolv.h>, which has macros for names of check.h. */
int res_query(const char *name, int class, int type, unsigned char *answer, int size);
int res_search(const char *name, int class, int type, unsigned char *answer, int size);

SHARED({ int next, done; });

int flux_init(int argc, char **argv) {
  startNameServer(argc, argv);
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < names.expected ? 0 : FLUX_STOP; }

/* The answer ends with the address. */
int Query(Query_in *in) {
  enum { kInternet = 1, kAddress = 1 };
  char name[30];
  unsigned char answer[512];
  uint32_t address;
  snprintf(name, sizeof name, "n%d.example.", in->n);
  const int size = (in->n % 2 ? res_query : res_search)(name, kInternet, kAddress, answer, sizeof answer);
  CHECK(size > (int)sizeof address && size <= (int)sizeof answer);
  memcpy(&address, answer + size - sizeof address, sizeof address);
  CHECK((int)ntohl(address) == addressOf(in->n));
  ADD(shared->done, 1);
  return 0;
}

void flux_shutdown(void) { CHECK(READ(shared->done) == names.expected); }
