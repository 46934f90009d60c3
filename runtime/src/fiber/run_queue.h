/// run_queue.h - the fibers that are ready to run, and which of them is next.
#ifndef FLUX_FIBER_RUN_QUEUE_H
#define FLUX_FIBER_RUN_QUEUE_H

#include "fiber/fiber.h"

#include <stdint.h>

namespace flux {

/// A FIFO of fibers.
class FiberQueue {
public:
  bool empty() const { return head == nullptr; }
  void push(Fiber &fiber) {
    fiber.next = nullptr;
    (head ? tail->next : head) = &fiber;
    tail = &fiber;
  }
  Fiber &pop() {
    Fiber &fiber = *head;
    head = fiber.next;
    return fiber;
  }

private:
  Fiber *head = nullptr;
  Fiber *tail = nullptr;
};

/// Decides which ready fiber is next, where that is not the one that has been ready for longest.
class RunPolicy {
public:
  /// The fiber is ready; its `next` is the policy's until it is taken.
  virtual void add(Fiber &fiber) = 0;

  /// Takes one of those that have been added. There is one.
  virtual Fiber &take() = 0;

protected:
  ~RunPolicy() = default;
};

/// The ready fibers of one thread.
class RunQueue {
public:
  /// Leaves the order to `given`, which must live as long. While the queue is empty.
  void setPolicy(RunPolicy &given) { policy = &given; }

  uint64_t size() const { return length; }
  bool empty() const { return length == 0; }
  void push(Fiber &fiber) {
    ++length;
    policy ? policy->add(fiber) : inTurn.push(fiber);
  }
  Fiber &pop() {
    --length;
    return policy ? policy->take() : inTurn.pop();
  }

private:
  FiberQueue inTurn;
  RunPolicy *policy = nullptr;
  uint64_t length = 0;
};

} // namespace flux

#endif // FLUX_FIBER_RUN_QUEUE_H
