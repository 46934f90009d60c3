//===- WaitPoints.h - The points at which flows may wait for each other --------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_ANALYSIS_WAITPOINTS_H
#define FLUX_LIB_ANALYSIS_WAITPOINTS_H

#include "flux/Analysis/Deadlock.h"

namespace flux {

/// The locks of an acquisition as they are taken: by ascending rank.
llvm::SmallVector<HeldLock> inOrder(const Acquisition &acquisition, llvm::ArrayRef<unsigned> rank);

/// The points that can be part of a circle among some locks, the members, each once and in program order: one for each
/// member that an acquisition takes.
class WaitPoints {
public:
  WaitPoints(const LockContexts &contexts, llvm::ArrayRef<unsigned> rank) : contexts(contexts), rank(rank) {}

  /// Adds the points of an acquisition.
  void add(unsigned acquisition, llvm::function_ref<bool(unsigned)> isMember);

  size_t size() const { return points.size(); }
  const WaitPoint &operator[](unsigned point) const { return points[point]; }

  /// The points that may hold a lock, and those that want to write it.
  llvm::ArrayRef<unsigned> holders(unsigned lock) const { return pointsOf(holdersOf, lock); }
  llvm::ArrayRef<unsigned> writers(unsigned lock) const { return pointsOf(writersOf, lock); }

  /// A lock that a point holds although the order has it behind the one that it waits for.
  std::optional<unsigned> heldAgainstOrder(unsigned point) const { return againstOrder[point]; }

  /// Whether two flows at these points would hold one lock in conflicting modes.
  bool excludeEachOther(unsigned a, unsigned b, bool sameSession) const;

  bool isSession(unsigned lock) const;

private:
  using ByLock = llvm::DenseMap<unsigned, llvm::SmallVector<unsigned>>;

  static llvm::ArrayRef<unsigned> pointsOf(const ByLock &map, unsigned lock) {
    auto found = map.find(lock);
    return found == map.end() ? llvm::ArrayRef<unsigned>() : found->second;
  }
  void addPoint(WaitPoint point, llvm::function_ref<bool(unsigned)> isMember);

  const LockContexts &contexts;
  llvm::ArrayRef<unsigned> rank;
  std::vector<WaitPoint> points;
  std::vector<std::optional<unsigned>> againstOrder; ///< of each point
  HashIndex known;
  ByLock holdersOf, writersOf;
};

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_WAITPOINTS_H
