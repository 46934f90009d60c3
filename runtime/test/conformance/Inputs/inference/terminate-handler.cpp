// Nobody catches it, and the program has something to say about that.
#include "attacked.h"
#include <exception>

static void giveUp() { waitAndLeave(); }

int flux_init(int, char **) { return std::set_terminate(giveUp), 0; }

static void work(int n) {
  if (n == 0)
    std::terminate();
}
