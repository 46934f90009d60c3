//===- Explorer.h - Runs several flows in every order and looks for deadlocks -------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_EXPLORER_H
#define FLUX_UTILS_LOCKEXPLORER_EXPLORER_H

#include "LockModel.h"

namespace explorer {

struct Verdict {
  bool deadlocks = false;
  unsigned flows = 0;   ///< the fewest that deadlock; else the most at a time that were run in every order
  size_t states = 0;    ///< of the last run
  std::string deadlock; ///< who holds and wants what
};

/// Lets 1, 2, ... up to `maxFlows` flows run at a time, flows that end being replaced, in every order and in every
/// assignment to sessions. Gives up, with the number that it has come to, where it needs more than `maxStates`.
Verdict explore(const LockModel &model, unsigned maxFlows, size_t maxStates);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_EXPLORER_H
