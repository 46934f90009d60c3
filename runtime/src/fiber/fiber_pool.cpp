#include "fiber/fiber_pool.h"

namespace flux {

void FiberPool::open(StackSource &source, size_t size, void (*run)(void *), void *given) {
  stacks = &source;
  stackSize = size;
  body = run;
  argument = given;
}

void FiberPool::close() {
  while (idle)
    destroyFiber(*stacks, &take());
}

bool FiberPool::add() {
  Fiber *fiber = createFiber(*stacks, stackSize, body, argument);
  if (!fiber)
    return false;
  fiber->next = idle;
  idle = fiber;
  count(numFibers, 1);
  count(numIdle, 1);
  return true;
}

void FiberPool::trim(uint64_t kept) {
  untrimmed = false;
  Fiber **link = &idle;
  for (; *link && kept > 0; link = &(*link)->next, --kept)
    trimFiber(*stacks, **link);
  Fiber *surplus = *link;
  *link = nullptr;
  while (Fiber *fiber = surplus) {
    surplus = fiber->next;
    destroyFiber(*stacks, fiber);
    count(numFibers, -1);
    count(numIdle, -1);
  }
}

FiberPool::Figures FiberPool::figures() const {
  return {numFibers.load(std::memory_order_relaxed), numIdle.load(std::memory_order_relaxed)};
}

} // namespace flux
