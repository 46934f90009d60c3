// An exception that says goodbye to its peer when it is over.
#include "attacked.h"
#include <stdexcept>

struct Lost : std::runtime_error {
  explicit Lost(int peer) : std::runtime_error("the peer is gone"), peer(peer) {}
  ~Lost() override { waitABit(); } // lingers

  int peer;
};

[[gnu::noinline]] static void talk(int peer) { throw Lost(peer); }

static void work(int n) {
  try {
    talk(n);
  } catch (const std::exception &problem) {
    USE(problem.what()[0] == 't');
  }
}
