#include "check.h"
#include "exceptions-hooks.flux.h"

#include <stdexcept>

SHARED({ int next; });

int flux_init(int argc, char **argv) {
  CHECK(argc == 2);
  if (strcmp(argv[1], "early") == 0)
    throw std::runtime_error("early");
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < 10 ? 0 : FLUX_STOP; }

int Take(Take_in *in) {
  CHECK(in->n < 10);
  return 0;
}

void flux_shutdown() { throw std::runtime_error("late"); }
