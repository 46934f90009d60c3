//===- Eliminator.cpp - Removes points that no circle can have ----------------------------------------------------===//

#include "Eliminator.h"

using namespace mlir;
using namespace flux;

Eliminator::Eliminator(const WaitPoints &points, size_t maxSteps)
    : points(points), stepsLeft(maxSteps), left(points.size(), true), waysBack(points.size()) {}

std::optional<unsigned> Eliminator::run() {
  while (std::optional<unsigned> obstacle = findObstacle())
    if (!sweep(/*againstOrder=*/true) && !sweep(/*againstOrder=*/false))
      return obstacle;
  return std::nullopt;
}

std::optional<unsigned> Eliminator::findObstacle() const {
  for (unsigned point = 0; point != points.size(); ++point)
    if (left[point] && points.heldAgainstOrder(point))
      return point;
  return std::nullopt;
}

/// Tries the points that go against the order, or those that do not. Whether any could be eliminated. Nobody waits for
/// flows that hold nothing, so that they are in nobody's way.
bool Eliminator::sweep(bool againstOrder) {
  bool changes = false;
  for (unsigned point = 0; point != points.size(); ++point)
    if (left[point] && points.heldAgainstOrder(point).has_value() == againstOrder && !points[point].may.empty() &&
        !isWayBackWhole(point))
      changes |= eliminate(point);
  return changes;
}

bool Eliminator::isWayBackWhole(unsigned point) const {
  return !waysBack[point].empty() && llvm::all_of(waysBack[point], [&](unsigned other) { return left[other]; });
}

/// Follows the locks from one point on. False if they lead back, or steps have run out.
bool Eliminator::eliminate(unsigned point) {
  who = point;
  waits.clear();
  reached.clear();
  reach(who, /*sameSession=*/true, 0);
  for (size_t next = 0; next != waits.size(); ++next) {
    Side side = waits[next].side;
    if ((side != Side::Other && !follow(next, /*sameSession=*/true)) ||
        (side != Side::Own && !follow(next, /*sameSession=*/false)))
      return false;
  }
  noteElimination();
  left[who] = false;
  return true;
}

/// Goes on to what the holders of a lock wait for. They are of the session of the first flow, or of another.
bool Eliminator::follow(size_t wait, bool sameSession) {
  HeldLock wanted = waits[wait].wanted;
  for (WaitPoints::Holder holder : points.holders(wanted.lock)) {
    if (!left[holder.point])
      continue;
    if (stepsLeft == 0)
      return false;
    --stepsLeft;
    bool isBack = holder.point == who && sameSession;
    if (!isBack && reached.contains(waitOf(holder.point, sameSession)))
      continue; // most are: there are far more holders than locks
    if ((!isBack && points.excludeEachOther(who, holder.point, sameSession)) || !blocks(holder, wanted, sameSession))
      continue;
    if (isBack) {
      noteWayBack(wait);
      return false;
    }
    reach(holder.point, sameSession, wait);
  }
  return true;
}

void Eliminator::reach(unsigned point, bool sameSession, size_t from) {
  if (reached.insert(waitOf(point, sameSession)).second)
    waits.push_back({points[point].wanted, sideOf(point, sameSession), point, from});
}

Eliminator::Side Eliminator::sideOf(unsigned point, bool sameSession) const {
  return !points.isSession(points[point].wanted.lock) ? Side::Shared : sameSession ? Side::Own : Side::Other;
}

/// A number for what a flow at `point` waits for.
unsigned Eliminator::waitOf(unsigned point, bool sameSession) const {
  HeldLock wanted = points[point].wanted;
  return (wanted.lock * 2 + (wanted.mode == LockMode::Write)) * 3 + unsigned(sideOf(point, sameSession));
}

/// Whether a flow that wants a lock waits for one at `holder`.
bool Eliminator::blocks(WaitPoints::Holder holder, HeldLock wanted, bool sameSession) {
  return conflict(holder.mode, wanted.mode) || hasWriterBeside(holder.point, wanted.lock, sameSession);
}

/// Whether a writer can wait between readers: for a lock in the session of `who`, or in another one.
bool Eliminator::hasWriterBeside(unsigned holder, unsigned lock, bool sameSession) {
  if (points[who].wanted == HeldLock{lock, LockMode::Write})
    return true;
  bool isSession = points.isSession(lock);
  return llvm::any_of(points.writers(lock), [&](unsigned writer) {
    stepsLeft -= stepsLeft != 0;
    return !points.excludeEachOther(who, writer, isSession && sameSession) &&
           !points.excludeEachOther(holder, writer, isSession);
  });
}

void Eliminator::noteWayBack(size_t wait) {
  waysBack[who].clear();
  for (; wait != 0; wait = waits[wait].from)
    waysBack[who].push_back(waits[wait].point);
  waysBack[who].push_back(who);
}

void Eliminator::noteElimination() {
  Elimination step{points[who], {}, {}, {}};
  for (const Wait &wait : waits)
    (wait.side == Side::Own ? step.own : wait.side == Side::Other ? step.other : step.shared).push_back(wait.wanted);
  eliminations.push_back(std::move(step));
}
