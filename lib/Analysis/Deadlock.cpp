//===- Deadlock.cpp - Whether flows can wait for each other in a circle -------------------------------------------===//

#include "flux/Analysis/Deadlock.h"
#include "Digraph.h"

using namespace mlir;
using namespace flux;

/// Steps after which the search inside one component is given up.
static constexpr unsigned maxSteps = 1'000'000;

namespace {

class DeadlockSearch {
public:
  DeadlockSearch(const LockContexts &contexts, ArrayRef<unsigned> order);

  std::optional<Deadlock> run();

private:
  void addPoints(const Acquisition &acquisition, unsigned index, ArrayRef<unsigned> rank);
  std::vector<SmallVector<unsigned>> findComponents() const;
  std::optional<Deadlock> searchComponent(ArrayRef<unsigned> locks);
  void selectPoints(ArrayRef<unsigned> locks);
  bool extend(SmallVectorImpl<unsigned> &path);
  SmallVector<unsigned> successors(unsigned point) const;
  bool canStandTogether(ArrayRef<unsigned> path, bool isCircle) const;
  bool excludeEachOther(const WaitPoint &a, const WaitPoint &b, bool sameSession) const;
  bool isSession(unsigned lock) const;

  const LockContexts &contexts;
  std::vector<WaitPoint> points;
  /// Of the component being searched: its points by the lock that they hold, and its writers by the lock they want.
  llvm::DenseMap<unsigned, SmallVector<unsigned>> holders, writers;
  SmallVector<unsigned> selected;
  unsigned steps = 0;
};

} // namespace

std::optional<Deadlock> flux::findDeadlock(const LockContexts &contexts, ArrayRef<unsigned> order) {
  return DeadlockSearch(contexts, order).run();
}

DeadlockSearch::DeadlockSearch(const LockContexts &contexts, ArrayRef<unsigned> order) : contexts(contexts) {
  SmallVector<unsigned> rank(contexts.locks().size());
  for (auto [position, lock] : llvm::enumerate(order))
    rank[lock] = position;
  for (auto [index, acquisition] : llvm::enumerate(contexts.acquisitions()))
    addPoints(acquisition, index, rank);
}

/// One point for each lock of a region, the earlier ones being held. Locks that are only read are never waited for.
void DeadlockSearch::addPoints(const Acquisition &acquisition, unsigned index, ArrayRef<unsigned> rank) {
  LockContext held = contexts.context(acquisition.context);
  LockSet inOrder = acquisition.taken;
  llvm::sort(inOrder, [&](HeldLock a, HeldLock b) { return rank[a.lock] < rank[b.lock]; });
  for (HeldLock wanted : inOrder) {
    if (!contexts.isWritten(wanted.lock))
      continue;
    points.push_back({held, wanted, index});
    strengthen(held.may, wanted);
    strengthen(held.must, wanted);
  }
}

std::optional<Deadlock> DeadlockSearch::run() {
  for (ArrayRef<unsigned> component : findComponents())
    if (component.size() > 1)
      if (std::optional<Deadlock> found = searchComponent(component))
        return found;
  return std::nullopt;
}

/// The components of "held while waiting for", with the order inside regions. A circle stays in one of them: each of
/// its points holds the lock that the point before it waits for, or waits for the same.
std::vector<SmallVector<unsigned>> DeadlockSearch::findComponents() const {
  Digraph graph(contexts.locks().size());
  llvm::DenseSet<std::pair<unsigned, unsigned>> known;
  for (const WaitPoint &point : points)
    for (HeldLock held : point.held.may)
      if (held.lock != point.wanted.lock && contexts.isWritten(held.lock))
        if (known.insert({held.lock, point.wanted.lock}).second)
          graph.addEdge(held.lock, point.wanted.lock);
  return stronglyConnectedComponents(graph);
}

/// Collects the points that can be part of a circle among `locks`.
void DeadlockSearch::selectPoints(ArrayRef<unsigned> locks) {
  llvm::DenseSet<unsigned> members(locks.begin(), locks.end());
  selected.clear();
  holders.clear();
  writers.clear();
  auto isMember = [&](HeldLock held) { return members.contains(held.lock); };
  for (auto [index, point] : llvm::enumerate(points)) {
    bool writes = point.wanted.mode == LockMode::Write;
    if (!isMember(point.wanted) || !(writes || llvm::any_of(point.held.may, isMember)))
      continue;
    selected.push_back(index);
    for (HeldLock held : point.held.may)
      if (isMember(held))
        holders[held.lock].push_back(index);
    if (writes)
      writers[point.wanted.lock].push_back(index);
  }
}

std::optional<Deadlock> DeadlockSearch::searchComponent(ArrayRef<unsigned> locks) {
  selectPoints(locks);
  steps = 0;
  Deadlock result;
  SmallVector<unsigned> path;
  for (unsigned start : selected) {
    path.assign(1, start);
    if (extend(path))
      break;
    path.clear();
  }
  if (path.empty())
    return std::nullopt;
  for (unsigned point : path)
    result.circle.push_back(points[point]);
  result.isGivenUp = steps > maxSteps;
  return result;
}

/// The points that `point` can wait for.
SmallVector<unsigned> DeadlockSearch::successors(unsigned point) const {
  const WaitPoint &waiting = points[point];
  SmallVector<unsigned> result;
  for (unsigned holder : holders.lookup(waiting.wanted.lock))
    if (holder != point && conflict(*modeOf(points[holder].held.may, waiting.wanted.lock), waiting.wanted.mode))
      result.push_back(holder);
  if (waiting.wanted.mode == LockMode::Read)
    llvm::append_range(result, writers.lookup(waiting.wanted.lock));
  return result;
}

/// Extends a path to a circle of points that can be reached together. Each circle is looked for from its first point
/// only. True with the circle in `path`, or with some path when the search is given up.
bool DeadlockSearch::extend(SmallVectorImpl<unsigned> &path) {
  for (unsigned next : successors(path.back())) {
    if (++steps > maxSteps)
      return true;
    if (next == path.front()) {
      if (canStandTogether(path, /*isCircle=*/true))
        return true;
      continue;
    }
    if (next < path.front() || llvm::is_contained(path, next))
      continue;
    path.push_back(next);
    if (canStandTogether(path, /*isCircle=*/false) && extend(path))
      return true;
    path.pop_back();
  }
  return false;
}

/// Whether flows can stand at all points of a path at the same time; the last point is new. Flows that wait for each
/// other by a session lock are of one session, and only then a session lock that both hold keeps them apart.
bool DeadlockSearch::canStandTogether(ArrayRef<unsigned> path, bool isCircle) const {
  SmallVector<unsigned> sessions(path.size());
  for (size_t i = 1; i != path.size(); ++i)
    sessions[i] = sessions[i - 1] + !isSession(points[path[i - 1]].wanted.lock);
  // The last edge of a circle joins the last flows' session to the first's.
  if (isCircle && isSession(points[path.back()].wanted.lock)) {
    unsigned last = sessions.back();
    llvm::replace(sessions, last, 0u);
  }

  for (size_t i = 0; i != path.size(); ++i)
    for (size_t j = isCircle ? i + 1 : path.size() - 1; j != path.size(); ++j)
      if (i != j && excludeEachOther(points[path[i]], points[path[j]], sessions[i] == sessions[j]))
        return false;
  return true;
}

/// Whether two flows at these points would hold one lock in conflicting modes.
bool DeadlockSearch::excludeEachOther(const WaitPoint &a, const WaitPoint &b, bool sameSession) const {
  return llvm::any_of(a.held.must, [&](HeldLock held) {
    if (isSession(held.lock) && !sameSession)
      return false;
    std::optional<LockMode> other = modeOf(b.held.must, held.lock);
    return other && conflict(held.mode, *other);
  });
}

bool DeadlockSearch::isSession(unsigned lock) const {
  return LockOp(contexts.locks()[lock]).getScope() == LockScope::Session;
}
