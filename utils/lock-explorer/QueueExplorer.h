//===- QueueExplorer.h - The explorer's own second opinion: locks with queues --------------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_QUEUEEXPLORER_H
#define FLUX_UTILS_LOCKEXPLORER_QUEUEEXPLORER_H

#include "Explorer.h"

namespace explorer {

/// What `explore` finds out, found out step by step: flows ask, wait in a queue for each lock, are granted locks from
/// its front, go on and release one after the other, and nothing is left out for being the same as something else. For
/// few flows only, and to check the explorer.
Verdict exploreWithQueues(const LockModel &model, unsigned maxFlows, size_t maxStates);

/// Whether the way of a verdict can be gone in this way, too, and ends in a deadlock.
bool deadlocksWithQueues(const LockModel &model, const Verdict &verdict);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_QUEUEEXPLORER_H
