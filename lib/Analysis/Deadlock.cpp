//===- Deadlock.cpp - Whether flows can wait for each other in a circle -------------------------------------------===//

#include "flux/Analysis/Deadlock.h"
#include "LockRelation.h"

using namespace mlir;
using namespace flux;

/// Steps after which the search inside one component is given up.
static constexpr unsigned maxSteps = 1'000'000;

namespace {

class DeadlockSearch {
public:
  DeadlockSearch(const LockContexts &contexts, ArrayRef<unsigned> order);

  std::vector<Deadlock> run(size_t limit);

private:
  bool risesEverywhere() const;
  SmallVector<HeldLock> inOrder(const Acquisition &acquisition) const;
  std::vector<SmallVector<unsigned>> findComponents() const;
  std::optional<Deadlock> searchComponent(ArrayRef<unsigned> locks);
  void collectPoints(ArrayRef<unsigned> locks);
  bool extend(SmallVectorImpl<unsigned> &path);
  SmallVector<unsigned> successors(unsigned point) const;
  bool canStandTogether(ArrayRef<unsigned> path, bool isCircle) const;
  bool excludeEachOther(const WaitPoint &a, const WaitPoint &b, bool sameSession) const;
  bool isSession(unsigned lock) const;

  const LockContexts &contexts;
  std::vector<unsigned> rank;
  /// Of the component being searched: its points, by the lock that they hold, and its writers by the lock they want.
  std::vector<WaitPoint> points;
  llvm::DenseMap<unsigned, SmallVector<unsigned>> holders, writers;
  unsigned steps = 0;
};

} // namespace

std::optional<Deadlock> flux::findDeadlock(const LockContexts &contexts, ArrayRef<unsigned> order) {
  std::vector<Deadlock> found = DeadlockSearch(contexts, order).run(/*limit=*/1);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<Deadlock> flux::findDeadlocks(const LockContexts &contexts, ArrayRef<unsigned> order) {
  return DeadlockSearch(contexts, order).run(/*limit=*/order.size());
}

DeadlockSearch::DeadlockSearch(const LockContexts &contexts, ArrayRef<unsigned> order)
    : contexts(contexts), rank(contexts.locks().size()) {
  for (auto [position, lock] : llvm::enumerate(order))
    rank[lock] = position;
}

std::vector<Deadlock> DeadlockSearch::run(size_t limit) {
  std::vector<Deadlock> result;
  if (risesEverywhere())
    return result;
  for (ArrayRef<unsigned> component : findComponents())
    if (component.size() > 1 && result.size() != limit)
      if (std::optional<Deadlock> found = searchComponent(component))
        result.push_back(std::move(*found));
  return result;
}

/// Whether everybody waits for locks behind all that he holds only: then the relation has no cycle, as in most
/// programs, and need not be made.
bool DeadlockSearch::risesEverywhere() const {
  std::optional<unsigned> context;
  unsigned highest = 0; // of what may be held in it, plus one
  for (const Acquisition &acquisition : contexts.acquisitions()) {
    if (context != acquisition.context) {
      context = acquisition.context;
      highest = 0;
      for (HeldLock held : contexts.context(*context).may)
        if (contexts.isWritten(held.lock))
          highest = std::max(highest, rank[held.lock] + 1);
    }
    // A lock does not follow itself.
    for (HeldLock wanted : acquisition.taken)
      if (contexts.isWritten(wanted.lock) && rank[wanted.lock] + 1 < highest)
        return false;
  }
  return true;
}

/// The locks that may have to be waited for, as they are taken. Those that are only read never are.
SmallVector<HeldLock> DeadlockSearch::inOrder(const Acquisition &acquisition) const {
  SmallVector<HeldLock> result;
  for (HeldLock lock : acquisition.taken)
    if (contexts.isWritten(lock.lock))
      result.push_back(lock);
  llvm::sort(result, [&](HeldLock a, HeldLock b) { return rank[a.lock] < rank[b.lock]; });
  return result;
}

/// The components of "held while waiting for", with the order inside regions. A circle stays in one of them: each of
/// its points holds the lock that the point before it waits for, or waits for the same.
std::vector<SmallVector<unsigned>> DeadlockSearch::findComponents() const {
  LockRelation relation(contexts);
  for (const Acquisition &acquisition : contexts.acquisitions()) {
    if (acquisition.taken.size() == 1)
      continue;
    SmallVector<HeldLock> taken = inOrder(acquisition);
    for (size_t next = 1; next < taken.size(); ++next)
      relation.add(taken[next - 1].lock, taken[next].lock);
  }
  return relation.components();
}

/// Collects the points that can be part of a circle among `locks`: one for each lock of a region, the earlier ones
/// being held.
void DeadlockSearch::collectPoints(ArrayRef<unsigned> locks) {
  llvm::DenseSet<unsigned> members(locks.begin(), locks.end());
  points.clear();
  holders.clear();
  writers.clear();
  auto isMember = [&](HeldLock held) { return members.contains(held.lock); };
  for (auto [index, acquisition] : llvm::enumerate(contexts.acquisitions())) {
    if (llvm::none_of(acquisition.taken, isMember))
      continue;
    LockContext held = contexts.context(acquisition.context);
    for (HeldLock wanted : inOrder(acquisition)) {
      bool writes = wanted.mode == LockMode::Write;
      if (isMember(wanted) && (writes || llvm::any_of(held.may, isMember))) {
        for (HeldLock lock : held.may)
          if (isMember(lock))
            holders[lock.lock].push_back(points.size());
        if (writes)
          writers[wanted.lock].push_back(points.size());
        points.push_back({held, wanted, unsigned(index)});
      }
      strengthen(held.may, wanted);
      strengthen(held.must, wanted);
    }
  }
}

std::optional<Deadlock> DeadlockSearch::searchComponent(ArrayRef<unsigned> locks) {
  collectPoints(locks);
  steps = 0;
  Deadlock result;
  SmallVector<unsigned> path;
  for (unsigned start = 0; start != points.size(); ++start) {
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
