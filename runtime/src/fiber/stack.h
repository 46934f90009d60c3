/// stack.h - the memory that a fiber's calls live in, and where it comes from.
#ifndef FLUX_FIBER_STACK_H
#define FLUX_FIBER_STACK_H

#include "core/os/os_thread.h"

#include <stddef.h>

namespace flux {

/// Grows down from `top()` to `base`.
struct Stack {
  char *base = nullptr;
  size_t size = 0; // with what guards it against overflow

  char *top() const { return base + size; }
};

/// What gives stacks and takes them back. Any thread.
class StackSource {
public:
  StackSource(const StackSource &) = delete;
  StackSource &operator=(const StackSource &) = delete;

  /// Finds a stack of at least `size` usable bytes. False with errno set if there is none.
  virtual bool take(Stack &stack, size_t size) = 0;

  /// Takes the memory back. Nobody runs on it.
  virtual void giveBack(const Stack &stack) = 0;

  /// Takes back what it can of the memory below `used`, which reads as zero or as before when it is touched again.
  /// Nobody uses it.
  virtual void trim(const Stack &stack, const char *used) = 0;

protected:
  constexpr StackSource() = default;
  ~StackSource() = default;
};

/// Stacks that are mappings, each with inaccessible pages at its base, so that an overflow is a fault at a clear place
/// and never another fiber's data. Code that is compiled with -fstack-clash-protection, as fluxc does, touches every
/// page on its way down; the frames of other code must not be larger than the guard. The kernel commits pages as they
/// are first touched.
///
/// The system gives none when there is no memory, or when there are more mappings than vm.max_map_count.
class MappedStacks final : public StackSource {
public:
  static constexpr size_t kGuard = 64 * 1024;

  constexpr MappedStacks() = default;
  bool take(Stack &stack, size_t size) override;
  void giveBack(const Stack &stack) override;
  void trim(const Stack &stack, const char *used) override;
};

/// What calls may use of the stack of a fiber.
inline OwnStack usableStack(const Stack &stack) {
  const size_t guard = stack.base ? MappedStacks::kGuard : 0;
  return {stack.base ? stack.base + guard : nullptr, stack.size - guard};
}

/// The one that needs no other.
extern MappedStacks mappedStacks;

} // namespace flux

#endif // FLUX_FIBER_STACK_H
