//===- Eliminator.h - Removes points that no circle can have -------------------------------------------*- C++ -*-===//
//
// A point is eliminated if nobody at it can wait, over others, for himself. Whom a flow waits for depends on the lock
// alone, so it suffices to follow locks: from the one that the point waits for to those that its holders wait for, and
// so on, as long as the holders stand at points that are left and that the first one does not exclude. Of sessions one
// remembers only whether it is that of the first flow. Where both read, the holder counts if some writer can wait
// beside the two; his point may have been eliminated, as nobody has to wait for him alone.
//
// That asks whether each point of a circle can stand together with the first, but not with each other, and so may leave
// points that are on none. What is left then decides: if all of it waits for locks behind all that it holds, there is
// no circle. Only points that do not, and those that stand in their way, have to be eliminated.
//
// One point costs as many steps as the locks that it reaches have holders. It is tried again only when a point of the
// way that led back to it has gone.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_ANALYSIS_ELIMINATOR_H
#define FLUX_LIB_ANALYSIS_ELIMINATOR_H

#include "WaitPoints.h"

namespace flux {

class Eliminator {
public:
  /// Gives up after `maxSteps`.
  Eliminator(const WaitPoints &points, size_t maxSteps);

  /// Eliminates points until nothing goes against the order any more. The point that does, with all that cannot be
  /// eliminated left, if that does not succeed.
  std::optional<unsigned> run();

  bool isLeft(unsigned point) const { return left[point]; }
  std::vector<Elimination> takeSteps() { return std::move(eliminations); }

private:
  /// Whose wait a lock is part of, as seen from the point to be eliminated.
  enum class Side { Own, Other, Shared };
  /// A lock that somebody waits for, and why: the point, which holds the lock of an earlier one.
  struct Wait {
    HeldLock wanted;
    Side side;
    unsigned point;
    size_t from;
  };

  std::optional<unsigned> findObstacle() const;
  bool sweep(bool againstOrder);
  bool isWayBackWhole(unsigned point) const;
  bool eliminate(unsigned who);
  bool follow(size_t wait, bool sameSession);
  void reach(unsigned point, bool sameSession, size_t from);
  Side sideOf(unsigned point, bool sameSession) const;
  unsigned waitOf(unsigned point, bool sameSession) const;
  bool blocks(WaitPoints::Holder holder, HeldLock wanted, bool sameSession);
  bool hasWriterBeside(unsigned holder, unsigned lock, bool sameSession);
  void noteWayBack(size_t wait);
  void noteElimination();

  const WaitPoints &points;
  size_t stepsLeft;
  std::vector<bool> left;
  std::vector<llvm::SmallVector<unsigned>> waysBack; ///< of each point that could not be eliminated
  std::vector<Elimination> eliminations;
  /// Of the point being eliminated.
  unsigned who = 0;
  std::vector<Wait> waits;
  llvm::DenseSet<unsigned> reached;
};

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_ELIMINATOR_H
