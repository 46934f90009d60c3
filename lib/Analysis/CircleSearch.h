//===- CircleSearch.h - Finds flows that wait for each other in a circle -------------------------------*- C++ -*-===//
//
// Extends paths of points that can be reached together. A lock instance is a lock of the program, or a session's own
// one of a session lock. Each needs to be waited for once only: if two flows x and y of a circle wait for the same
// instance, then x could as well wait for the one that y waits for, and the circle without what stands between them is
// one, too, with fewer flows at the same points. Where readers wait for a reader, the writer between them is a flow of
// the path, so that an instance has one waiting writer and one waiting reader at most. This is also why the search
// ends: the path changes its session at locks of the program only, each of which it has once or twice.
//
// A point may thus be needed more than once, but in different sessions. Flows that wait for each other by a session
// lock are of one session; all others are taken to be of different ones, which excludes the fewest.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_ANALYSIS_CIRCLESEARCH_H
#define FLUX_LIB_ANALYSIS_CIRCLESEARCH_H

#include "Eliminator.h"

namespace flux {

class CircleSearch {
public:
  /// Looks among the points that are left, whose waiting writers may stand at any point.
  CircleSearch(const WaitPoints &points, const Eliminator &eliminator) : points(points), eliminator(eliminator) {}

  /// The circle, or nothing.
  std::vector<WaitingFlow> run();

  /// Whether too much would have had to be tried.
  bool isGivenUp() const { return stepsLeft == 0; }

private:
  struct Stand {
    unsigned point;
    unsigned session;
  };

  bool extend();
  llvm::SmallVector<unsigned> successors(unsigned point) const;
  bool closes();
  bool fits(const Stand &stand, llvm::ArrayRef<Stand> others);
  bool waitForSame(const Stand &a, const Stand &b) const;

  const WaitPoints &points;
  const Eliminator &eliminator;
  std::vector<Stand> path;
  size_t stepsLeft = 30'000'000;
};

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_CIRCLESEARCH_H
