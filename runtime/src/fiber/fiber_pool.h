/// fiber_pool.h - the idle fibers of one thread.
#ifndef FLUX_FIBER_FIBER_POOL_H
#define FLUX_FIBER_FIBER_POOL_H

#include "fiber/fiber.h"

#include <atomic>
#include <stdint.h>

namespace flux {

/// Fibers that all do the same, for whoever needs another one. The latest to become idle is taken first: its stack is
/// warm.
///
/// Used by one thread, but for figures(), and for what happens before it begins.
class FiberPool {
public:
  /// Its fibers will run `body(argument)` on stacks of `stackSize` bytes. Once, before anything else.
  void open(StackSource &stacks, size_t stackSize, void (*body)(void *), void *argument);

  /// Ends the idle fibers.
  void close();

  /// Makes another idle fiber. False with errno set.
  bool add();

  /// Sees to it that there is an idle fiber. False with errno set.
  bool reserve() { return idle || add(); }

  /// Takes an idle fiber. There is one.
  Fiber &take() {
    Fiber &fiber = *idle;
    idle = fiber.next;
    count(numIdle, -1);
    return fiber;
  }

  /// A fiber of the pool is idle again.
  void put(Fiber &fiber) {
    fiber.next = idle;
    idle = &fiber;
    untrimmed = true;
    count(numIdle, 1);
  }

  /// Whether stacks may have been used since the last trim().
  bool isUntrimmed() const { return untrimmed; }

  /// Gives back the memory that idle fibers do not use, and all but the `kept` latest of them.
  void trim(uint64_t kept);

  struct Figures {
    uint64_t fibers, idle;
  };
  /// Any thread.
  Figures figures() const;

private:
  // Relaxed: figures, which order nothing; one thread writes them.
  static void count(std::atomic<uint64_t> &figure, uint64_t by) {
    figure.store(figure.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  Fiber *idle = nullptr; // a stack
  bool untrimmed = false;
  StackSource *stacks = nullptr;
  size_t stackSize = 0;
  void (*body)(void *) = nullptr;
  void *argument = nullptr;
  std::atomic<uint64_t> numFibers{0}, numIdle{0};
};

} // namespace flux

#endif // FLUX_FIBER_FIBER_POOL_H
