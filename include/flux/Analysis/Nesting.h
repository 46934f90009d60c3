//===- Nesting.h - Which regions enclose which acquisitions --------------------------------------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_NESTING_H
#define FLUX_ANALYSIS_NESTING_H

#include "flux/Analysis/LockContexts.h"

namespace flux {

/// A region that takes `held` and, somewhere inside, through calls or not, waits for `acquired`.
struct Nesting {
  unsigned held;
  HeldLock acquired;      ///< in the strongest mode that it is acquired in
  ConstrainedOp outer;    ///< takes `held`
  mlir::Operation *inner; ///< the first place that takes `acquired`
};

/// All nestings of pairs of locks of which `relevantTo` the acquired one is the other; each outer region once for a
/// pair, callees before callers and in program order.
std::vector<Nesting> findNestings(const LockContexts &contexts,
                                  llvm::function_ref<HeldLocks(unsigned acquired)> relevantTo);

} // namespace flux

#endif // FLUX_ANALYSIS_NESTING_H
