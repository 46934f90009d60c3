//===- Deadlock.h - Whether flows can wait for each other in a circle ---------------------------------*- C++ -*-===//
//
// A flow waits at a point: it holds some locks and asks for one more. A set of flows is deadlocked if each waits for
// another of them, which can be in two ways with fair reader-writer locks: the other holds the lock in a conflicting
// mode, or both read it and a writer waits for it between them. Flows can stand at a set of points at once if no two of
// them hold one lock in conflicting modes; a lock held around all points of a circle thus makes it harmless. A session
// lock does so only among flows of one session. Any number of flows may run at once, at one point too.
//
// Whether there is such a circle is an NP-hard question, so two answers stand side by side:
//
//   Elimination (Eliminator.h) shows in polynomial time that there is none, and leaves steps that others can check. It
//   is what a program is accepted by.
//
//   Search (CircleSearch.h) finds the circle of a program that is not accepted. It can also end without one.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_DEADLOCK_H
#define FLUX_ANALYSIS_DEADLOCK_H

#include "flux/Analysis/LockOrder.h"

namespace flux {

/// A place where a flow may have to wait. What it holds includes the locks of the same region that come before.
struct WaitPoint {
  /// At most this is held, as far as others may wait for it: no lock that nobody writes, not the wanted one.
  HeldLocks may;
  HeldLocks must; ///< at least this is held
  HeldLock wanted;
  unsigned acquisition; ///< the first acquisition that it is part of

  bool operator==(const WaitPoint &other) const {
    return may == other.may && must == other.must && wanted == other.wanted;
  }
};

/// A step of the proof: no flow at `point` can be part of a circle of flows at it and at the points that no step before
/// has eliminated. Whoever waits, over any number of others, for such a flow's lock waits for one of the listed locks
/// and stands at a point that `point` does not exclude; and none of these locks is one that the flow itself holds.
struct Elimination {
  WaitPoint point;
  llvm::SmallVector<HeldLock> own, other; ///< session locks, waited for in the session of the flow and in others
  llvm::SmallVector<HeldLock> shared;     ///< locks of the program
};

/// A point that is left by elimination although it holds a lock which the order has behind the one that it waits for.
struct Obstacle {
  WaitPoint point;
  unsigned held;
};

/// A flow of a circle. Flows of different sessions have different numbers, which begin at 0.
struct WaitingFlow {
  WaitPoint point;
  unsigned session;
};

/// Why a program is not accepted.
struct Deadlock {
  Obstacle obstacle;
  /// Flows that can be reached together, each of which waits for the next and the last for the first. Empty if none
  /// were found.
  std::vector<WaitingFlow> circle;
  /// Whether the search was given up before it could tell.
  bool isGivenUp = false;
};

/// Looks for what keeps a program from being accepted when each region takes its locks in the given order: an obstacle
/// for each component of locks that has one, up to a number of them. Nothing means that there is no deadlock.
///
/// Locks in different components of the graph that the order makes of acquisitions cannot be part of one circle. Inside
/// a component elimination is given up, on the safe side, after a fixed number of steps.
std::vector<Obstacle> findObstacles(const LockContexts &contexts, llvm::ArrayRef<unsigned> order,
                                    size_t limit = std::numeric_limits<size_t>::max());

/// The first obstacle, and the circle that explains it.
std::optional<Deadlock> findDeadlock(const LockContexts &contexts, llvm::ArrayRef<unsigned> order);

/// The steps after which all points wait for locks behind those that they hold only, for a program without obstacles.
/// Each holds for all points of the program, not only for those of one component.
std::vector<Elimination> findEliminations(const LockContexts &contexts, llvm::ArrayRef<unsigned> order);

} // namespace flux

#endif // FLUX_ANALYSIS_DEADLOCK_H
