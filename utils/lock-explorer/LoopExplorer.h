//===- LoopExplorer.h - Runs flows on event loops in every order ---------------------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_LOOPEXPLORER_H
#define FLUX_UTILS_LOCKEXPLORER_LOOPEXPLORER_H

#include "LoopModel.h"

namespace explorer {

/// How a model runs flows.
struct LoopSetting {
  unsigned loops;          ///< 0 if each flow has a thread of its own
  bool callsSourcesInTurn; ///< no two calls of a source overlap
};

struct LoopLimits {
  unsigned flows; ///< that run at a time; those that end are replaced
  unsigned sessions;
  size_t states; ///< after which it gives up
};

enum class LoopFault { None, Overlap, Deadlock };

struct LoopVerdict {
  LoopFault fault = LoopFault::None;
  unsigned flows = 0; ///< the fewest with a fault, or the most that were run in every order
  std::string way;    ///< what leads to an overlap or a deadlock
};

/// Lets 1, 2, ... flows run in every order, in every assignment to sessions, and looks for two that are in regions
/// which constrained each other as the program was written, one of them running; and for flows that all wait.
LoopVerdict exploreLoops(const LoopModel &model, LoopSetting setting, LoopLimits limits);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_LOOPEXPLORER_H
