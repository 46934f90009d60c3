// One exception inside of another, both over at the end of the outer handler.
#include "attacked.h"
#include <exception>
#include <string>

struct Cause {
  std::string text;
  ~Cause() { waitABit(); }
};
struct Effect {
  int n;
};

[[gnu::noinline]] static void load(int n) {
  try {
    throw Cause{std::to_string(n)};
  } catch (const Cause &) {
    std::throw_with_nested(Effect{n});
  }
}

static void work(int n) {
  try {
    load(n);
  } catch (const Effect &effect) {
    USE(effect.n == n);
  }
}
