//===- Deadlock.h - Whether flows can wait for each other in a circle ---------------------------------*- C++ -*-===//
//
// A flow waits at a point: it holds some locks and asks for one more. A set of flows is deadlocked if each waits for
// another of them, which can be in two ways with fair reader-writer locks: the other holds the lock in a conflicting
// mode, or the flow is a reader and the other a writer that waits for the same lock before it. Flows can stand at a set
// of points at once if no two of them hold one lock in conflicting modes; a lock held around all points of a circle
// thus makes it harmless. A session lock does so only among flows of one session. Any number of flows may run at once.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_DEADLOCK_H
#define FLUX_ANALYSIS_DEADLOCK_H

#include "flux/Analysis/LockOrder.h"

namespace flux {

/// A place where a flow may have to wait.
struct WaitPoint {
  LockContext held; ///< with the locks of the same region that come before
  HeldLock wanted;
  unsigned acquisition; ///< the acquisition that it is part of
};

/// A circle of points, each waiting for the next and the last for the first.
struct Deadlock {
  std::vector<WaitPoint> circle;
  /// Whether the search was given up before it could tell if all points can be reached at once.
  bool isGivenUp = false;
};

/// Looks for a deadlock when each region takes its locks in the given order. Nothing means that there is none.
///
/// Locks in different components of the graph that the order makes of acquisitions cannot be part of one circle.
/// Inside a component the search extends paths of points that can be reached together and gives up, on the safe side,
/// after a number of steps that is linear in the size of the component.
std::optional<Deadlock> findDeadlock(const LockContexts &contexts, llvm::ArrayRef<unsigned> order);

/// The same for every component that has one.
std::vector<Deadlock> findDeadlocks(const LockContexts &contexts, llvm::ArrayRef<unsigned> order);

} // namespace flux

#endif // FLUX_ANALYSIS_DEADLOCK_H
