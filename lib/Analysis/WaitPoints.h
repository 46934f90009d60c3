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
  /// `ofProgram` are the locks of the program, not of a session.
  WaitPoints(const LockContexts &contexts, llvm::ArrayRef<unsigned> rank, const HeldLocks &ofProgram,
             const HeldLocks &members)
      : contexts(contexts), rank(rank), ofProgram(ofProgram), members(members) {}

  /// Adds the points of an acquisition.
  void add(unsigned acquisition);

  size_t size() const { return points.size(); }
  const WaitPoint &operator[](unsigned point) const { return points[point]; }

  /// A point that may hold a lock, in this mode.
  struct Holder {
    unsigned point;
    LockMode mode;
  };
  /// The points that may hold a lock, and those that want to write it.
  llvm::ArrayRef<Holder> holders(unsigned lock) const { return lookUp(holdersOf, lock); }
  llvm::ArrayRef<unsigned> writers(unsigned lock) const { return lookUp(writersOf, lock); }

  /// A lock that a point holds although the order has it behind the one that it waits for.
  std::optional<unsigned> heldAgainstOrder(unsigned point) const { return againstOrder[point]; }

  /// Whether two flows at these points would hold one lock in conflicting modes.
  bool excludeEachOther(unsigned a, unsigned b, bool sameSession) const;

  bool isSession(unsigned lock) const { return !ofProgram.contains(lock); }

private:
  template <typename T> using ByLock = llvm::DenseMap<unsigned, llvm::SmallVector<T>>;

  template <typename T> static llvm::ArrayRef<T> lookUp(const ByLock<T> &map, unsigned lock) {
    auto found = map.find(lock);
    return found == map.end() ? llvm::ArrayRef<T>() : found->second;
  }
  void addPoint(WaitPoint point);

  const LockContexts &contexts;
  llvm::ArrayRef<unsigned> rank;
  HeldLocks ofProgram, members;
  std::vector<WaitPoint> points;
  std::vector<HeldLocks> mustOfProgram;              ///< what each point holds at least, without session locks
  std::vector<std::optional<unsigned>> againstOrder; ///< of each point
  HashIndex known;
  ByLock<Holder> holdersOf;
  ByLock<unsigned> writersOf;
};

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_WAITPOINTS_H
