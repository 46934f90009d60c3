/// stack.h - the memory that a fiber's calls live in.
#ifndef FLUX_FIBER_STACK_H
#define FLUX_FIBER_STACK_H

#include <stddef.h>

namespace flux {

/// A mapping that grows down from `top()` to inaccessible pages at `base`, so that an overflow is a fault at a clear
/// place and never another fiber's data. Code that is compiled with -fstack-clash-protection, as fluxc does, touches
/// every page on its way down; the frames of other code must not be larger than the guard. The kernel commits pages as
/// they are first touched.
struct Stack {
  static constexpr size_t kGuard = 64 * 1024;

  char *base = nullptr;
  size_t size = 0; // the guard included

  char *top() const { return base + size; }
};

/// Maps a stack of at least `size` usable bytes. False with errno set if the system gives none: no memory, or more
/// mappings than vm.max_map_count. Any thread.
bool mapStack(Stack &stack, size_t size);

/// Gives the memory back. Nobody runs on it. Any thread.
void unmapStack(const Stack &stack);

/// Gives the pages below `used` back; they read as zero when they are touched again. Nobody uses them. Any thread.
void trimStack(const Stack &stack, const char *used);

} // namespace flux

#endif // FLUX_FIBER_STACK_H
