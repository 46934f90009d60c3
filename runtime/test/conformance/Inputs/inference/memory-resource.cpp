// A string of the library's, in memory of the program's.
#include "attacked.h"
#include <memory_resource>
#include <string>

class Slow : public std::pmr::memory_resource {
  void *do_allocate(size_t size, size_t) override { return waitABit(), malloc(size); }
  void do_deallocate(void *memory, size_t, size_t) override { free(memory); }
  bool do_is_equal(const memory_resource &other) const noexcept override { return this == &other; }
};
static Slow slow;

static void work(int n) {
  std::pmr::string text(static_cast<size_t>(n) + 100, 'x', &slow);
  USE(text.size() >= 100);
}
