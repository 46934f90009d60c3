//===- CircleSearch.cpp - Finds flows that wait for each other in a circle ----------------------------------------===//

#include "CircleSearch.h"

using namespace mlir;
using namespace flux;

std::vector<WaitingFlow> CircleSearch::run() {
  std::vector<WaitingFlow> circle;
  for (unsigned start = 0; start != points.size() && circle.empty() && !isGivenUp(); ++start) {
    if (!eliminator.isLeft(start))
      continue;
    path.assign(1, {start, 0});
    if (extend())
      for (const Stand &stand : path)
        circle.push_back({points[stand.point], stand.session});
  }
  return circle;
}

/// The points that `point` can wait for.
SmallVector<unsigned> CircleSearch::successors(unsigned point) const {
  HeldLock wanted = points[point].wanted;
  SmallVector<unsigned> result;
  for (WaitPoints::Holder holder : points.holders(wanted.lock))
    if (eliminator.isLeft(holder.point) && conflict(holder.mode, wanted.mode))
      result.push_back(holder.point);
  if (wanted.mode == LockMode::Read)
    llvm::append_range(result, points.writers(wanted.lock));
  return result;
}

/// Extends the path to a circle. Each is looked for from the first of its points that are left only, at which it may
/// come by a second time. False if there is none, or the search is given up.
bool CircleSearch::extend() {
  Stand last = path.back();
  unsigned session = last.session + !points.isSession(points[last.point].wanted.lock);
  for (unsigned next : successors(last.point)) {
    if (next == path.front().point && closes())
      return true;
    if (next < path.front().point && eliminator.isLeft(next))
      continue;
    Stand stand = {next, session};
    if (!fits(stand, path))
      continue;
    path.push_back(stand);
    if (extend())
      return true;
    path.pop_back();
    if (isGivenUp())
      return false;
  }
  return false;
}

/// Whether the path is a circle: if the last flow waits for the first by a session lock, their sessions are one.
bool CircleSearch::closes() {
  Stand last = path.back();
  if (last.session == 0 || !points.isSession(points[last.point].wanted.lock))
    return true;
  std::vector<Stand> merged = path;
  for (Stand &stand : merged)
    if (stand.session == last.session)
      stand.session = 0;
  for (size_t next = 1; next != merged.size(); ++next)
    if (merged[next].session == 0 && !fits(merged[next], ArrayRef(merged).take_front(next)))
      return false;
  path = std::move(merged);
  return true;
}

/// Whether a flow can wait there together with the others.
bool CircleSearch::fits(const Stand &stand, ArrayRef<Stand> others) {
  return llvm::none_of(others, [&](const Stand &other) {
    stepsLeft -= stepsLeft != 0;
    return waitForSame(stand, other) ||
           points.excludeEachOther(stand.point, other.point, stand.session == other.session);
  });
}

/// Whether two flows wait for one lock instance in the same mode.
bool CircleSearch::waitForSame(const Stand &a, const Stand &b) const {
  HeldLock wanted = points[a.point].wanted;
  return wanted == points[b.point].wanted && (a.session == b.session || !points.isSession(wanted.lock));
}
