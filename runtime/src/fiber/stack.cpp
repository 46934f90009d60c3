#include "fiber/stack.h"

#include "core/os/cache_line.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

namespace flux {

MappedStacks mappedStacks;

namespace {

size_t pageSize() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

} // namespace

bool MappedStacks::take(Stack &stack, size_t size) {
  const size_t page = pageSize();
  const size_t guard = roundUp(kGuard, page);
  if (size > SIZE_MAX - guard - page) {
    errno = ENOMEM;
    return false;
  }
  const size_t whole = roundUp(size, page) + guard;
  // Without MAP_NORESERVE: a stack that can never be backed is refused now instead of killing the process later.
  void *memory = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED)
    return false;
  if (mprotect(memory, guard, PROT_NONE) != 0) {
    const int error = errno;
    munmap(memory, whole);
    errno = error;
    return false;
  }
  stack = {static_cast<char *>(memory), whole};
  return true;
}

void MappedStacks::giveBack(const Stack &stack) { munmap(stack.base, stack.size); }

void MappedStacks::trim(const Stack &stack, const char *used) {
  const size_t page = pageSize();
  char *low = stack.base + roundUp(kGuard, page);
  const size_t length = static_cast<size_t>(used - low) / page * page;
  if (length > 0)
    madvise(low, length, MADV_DONTNEED);
}

} // namespace flux
