// There is not that much memory, but there might be when others have given some back.
#include "attacked.h"
#include <cstdint>
#include <new>

static void waitForMemory() {
  waitABit();
  throw std::bad_alloc();
}

int flux_init(int, char **) { return std::set_new_handler(waitForMemory), 0; }

static void work(int n) {
  volatile size_t size = SIZE_MAX / 4 + static_cast<size_t>(n);
  try {
    operator delete(operator new(size));
  } catch (const std::bad_alloc &) {
  }
}
