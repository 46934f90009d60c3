// The last failure is kept until the next one replaces it, here.
#include "attacked.h"
#include <exception>

struct Failure {
  int n;
  ~Failure() { waitABit(); }
};

static std::exception_ptr last;

[[gnu::noinline]] static std::exception_ptr fail(int n) {
  try {
    throw Failure{n};
  } catch (...) {
    return std::current_exception();
  }
}

// Outside of the constraint failures are made, inside they end.
int flux_init(int, char **) { return last = fail(0), 0; }

static void work(int n) {
  std::exception_ptr old = fail(n);
  old.swap(last);
}
