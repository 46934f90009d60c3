#include "check.h"
#include "exceptions.flux.h"

#include <exception>
#include <stdexcept>
#include <string.h>
#include <string>

enum { kFlows = 300 };
SHARED({ int next, ended; });
static bool oneThread;
static thread_local int flowsOfThread;

int flux_init(int argc, char **argv) {
  oneThread = argc == 2 && strcmp(argv[1], "--one-thread") == 0;
  return 0;
}

int Numbers(Numbers_out *out) { return (out->n = NEXT(shared->next)) < kFlows ? 0 : FLUX_STOP; }

/// Lets others run while an exception is on its way through its scope.
struct Pauses {
  ~Pauses() {
    CHECK(std::uncaught_exceptions() == 1);
    usleep(100);
    CHECK(std::uncaught_exceptions() == 1);
  }
};

static void rethrowBehindPause(int n) {
  try {
    Pauses pauses;
    throw std::runtime_error(std::to_string(n));
  } catch (...) {
    usleep(100 * (n % 7));
    CHECK(std::uncaught_exceptions() == 0);
    throw;
  }
}

int Throw(Throw_in *in) {
  ++flowsOfThread;
  try {
    rethrowBehindPause(in->n);
    CHECK(false);
  } catch (const std::exception &error) {
    CHECK(error.what() == std::to_string(in->n));
  }
  if (ADD(shared->ended, 1) == kFlows)
    CHECK(!oneThread || flowsOfThread == kFlows);
  return 0;
}
