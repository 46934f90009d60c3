//===- Deadlock.cpp - Whether flows can wait for each other in a circle -------------------------------------------===//

#include "flux/Analysis/Deadlock.h"
#include "CircleSearch.h"
#include "LockRelation.h"

using namespace mlir;
using namespace flux;

/// Steps after which elimination inside one component is given up.
static constexpr size_t maxSteps = 50'000'000;

namespace {

/// Judges the components of locks one by one.
class DeadlockProof {
public:
  DeadlockProof(const LockContexts &contexts, ArrayRef<unsigned> order);

  bool risesEverywhere() const;
  /// Asks for each component that can have a circle, until the answer is false.
  void forEachComponent(llvm::function_ref<bool(const WaitPoints &)> judge) const;
  WaitPoints allPoints() const;
  Obstacle obstacleAt(const WaitPoints &points, unsigned point) const {
    return {points[point], *points.heldAgainstOrder(point)};
  }

private:
  std::vector<SmallVector<unsigned>> findComponents() const;
  HeldLocks locksOfProgram() const;

  const LockContexts &contexts;
  std::vector<unsigned> rank;
};

} // namespace

std::vector<Obstacle> flux::findObstacles(const LockContexts &contexts, ArrayRef<unsigned> order, size_t limit) {
  std::vector<Obstacle> result;
  DeadlockProof proof(contexts, order);
  proof.forEachComponent([&](const WaitPoints &points) {
    if (std::optional<unsigned> obstacle = Eliminator(points, maxSteps).run())
      result.push_back(proof.obstacleAt(points, *obstacle));
    return result.size() != limit;
  });
  return result;
}

std::optional<Deadlock> flux::findDeadlock(const LockContexts &contexts, ArrayRef<unsigned> order) {
  std::optional<Deadlock> result;
  DeadlockProof proof(contexts, order);
  proof.forEachComponent([&](const WaitPoints &points) {
    Eliminator eliminator(points, maxSteps);
    std::optional<unsigned> obstacle = eliminator.run();
    if (!obstacle)
      return true;
    CircleSearch search(points, eliminator);
    std::vector<WaitingFlow> circle = search.run();
    result = {proof.obstacleAt(points, *obstacle), std::move(circle), search.isGivenUp()};
    return false;
  });
  return result;
}

std::vector<Elimination> flux::findEliminations(const LockContexts &contexts, ArrayRef<unsigned> order) {
  DeadlockProof proof(contexts, order);
  if (proof.risesEverywhere())
    return {};
  WaitPoints points = proof.allPoints();
  Eliminator eliminator(points, std::numeric_limits<size_t>::max());
  (void)eliminator.run();
  return eliminator.takeSteps();
}

DeadlockProof::DeadlockProof(const LockContexts &contexts, ArrayRef<unsigned> order)
    : contexts(contexts), rank(contexts.locks().size()) {
  for (auto [position, lock] : llvm::enumerate(order))
    rank[lock] = position;
}

/// Whether everybody waits for locks behind all that he holds only: then the relation has no cycle, as in most
/// programs, and need not be made.
bool DeadlockProof::risesEverywhere() const {
  std::vector<unsigned> highest(contexts.numContexts()); // of what may be held in each, plus one
  for (unsigned context = 0; context != highest.size(); ++context) {
    const ContextOrigin &origin = contexts.originOf(context);
    for (unsigned outer : origin.outer)
      highest[context] = std::max(highest[context], highest[outer]);
    for (HeldLock held : origin.added)
      if (contexts.isWritten(held.lock))
        highest[context] = std::max(highest[context], rank[held.lock] + 1);
  }
  // A lock does not follow itself.
  return llvm::all_of(contexts.acquisitions(), [&](const Acquisition &acquisition) {
    return llvm::all_of(acquisition.taken, [&](HeldLock wanted) {
      return !contexts.isWritten(wanted.lock) || rank[wanted.lock] + 1 >= highest[acquisition.context];
    });
  });
}

/// The components of "held while waiting for", with the order inside regions. A circle stays in one of them: each of
/// its points holds the lock that the point before it waits for, or waits for the same.
std::vector<SmallVector<unsigned>> DeadlockProof::findComponents() const {
  LockRelation relation(contexts);
  for (const Acquisition &acquisition : contexts.acquisitions()) {
    if (acquisition.taken.size() == 1)
      continue;
    std::optional<unsigned> before;
    for (HeldLock taken : inOrder(acquisition, rank)) {
      if (!contexts.isWritten(taken.lock))
        continue;
      if (before)
        relation.add(*before, taken.lock);
      before = taken.lock;
    }
  }
  return relation.components();
}

void DeadlockProof::forEachComponent(llvm::function_ref<bool(const WaitPoints &)> judge) const {
  if (risesEverywhere())
    return;
  std::vector<SmallVector<unsigned>> components = findComponents();
  HeldLocks ofProgram = locksOfProgram();
  std::vector<unsigned> componentOf(rank.size());
  for (auto [index, component] : llvm::enumerate(components))
    for (unsigned lock : component)
      componentOf[lock] = index;
  std::vector<SmallVector<unsigned>> acquisitionsOf(components.size());
  for (auto [index, acquisition] : llvm::enumerate(contexts.acquisitions()))
    for (HeldLock taken : acquisition.taken)
      if (SmallVector<unsigned> &known = acquisitionsOf[componentOf[taken.lock]];
          known.empty() || known.back() != index)
        known.push_back(index);

  for (auto [index, component] : llvm::enumerate(components)) {
    if (component.size() == 1)
      continue;
    HeldLocks members = contexts.noLocks();
    for (unsigned lock : component)
      members.strengthen({lock, LockMode::Write});
    WaitPoints points(contexts, rank, ofProgram, members);
    for (unsigned acquisition : acquisitionsOf[index])
      points.add(acquisition);
    if (!judge(points))
      return;
  }
}

HeldLocks DeadlockProof::locksOfProgram() const {
  HeldLocks result = contexts.noLocks();
  for (auto [lock, op] : llvm::enumerate(contexts.locks()))
    if (LockOp(op).getScope() == LockScope::Program)
      result.strengthen({unsigned(lock), LockMode::Write});
  return result;
}

WaitPoints DeadlockProof::allPoints() const {
  WaitPoints points(contexts, rank, locksOfProgram(), contexts.writtenLocks());
  for (unsigned acquisition = 0; acquisition != contexts.acquisitions().size(); ++acquisition)
    points.add(acquisition);
  return points;
}
