// Nobody catches it, and the library asks it what it was.
#include "attacked.h"
#include <exception>

struct Bad : std::exception {
  const char *what() const noexcept override { return waitAndLeave(), ""; }
};

[[gnu::noinline]] static void check(int n) {
  if (n == 0)
    throw Bad();
}

static void work(int n) { check(n); }
