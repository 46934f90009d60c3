/// run_policy.h - which of the fibers that are ready is next, where that is not the one that has been so for longest.
#ifndef FLUX_FIBER_RUN_POLICY_H
#define FLUX_FIBER_RUN_POLICY_H

#include "fiber/fiber.h"

namespace flux {

/// Keeps the ready fibers of one thread. On that thread.
class RunPolicy {
public:
  /// The fiber is ready; its `next` is the policy's until it is taken.
  virtual void add(Fiber &fiber) = 0;

  /// Takes one of those that have been added. There is one.
  virtual Fiber &take() = 0;

protected:
  ~RunPolicy() = default;
};

} // namespace flux

#endif // FLUX_FIBER_RUN_POLICY_H
