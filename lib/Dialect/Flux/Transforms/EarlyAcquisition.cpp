//===- EarlyAcquisition.cpp - Which regions take locks early ------------------------------------------------------===//

#include "EarlyAcquisition.h"

using namespace mlir;
using namespace flux;

/// Regions that the search for fewer hoists looks at in all: the more a program has, the fewer choices are tried.
static constexpr size_t maxSearch = 200'000;

/// Components of more locks are not tried in all orders.
static constexpr ptrdiff_t maxPermuted = 4;

static Hoist hoistFor(const LockContexts &contexts, const Nesting &nesting) {
  LockOp lock = contexts.locks()[nesting.acquired.lock], held = contexts.locks()[nesting.held];
  auto symbol = FlatSymbolRefAttr::get(lock.getSymNameAttr());
  HoldAttr hold = HoldAttr::get(lock.getContext(), symbol, nesting.acquired.mode);
  return {nesting.outer, hold, held.getSymNameAttr(), nesting.inner};
}

ArrayRef<Hoist> EarlyAcquisition::run() {
  while (hoistAgainstOrder())
    continue;
  if (!hoists.empty())
    improve();
  return hoists;
}

/// Takes locks early in the regions that go against the order among the locks of a component that the proof does not
/// accept. False if there is none, or no such region, which cannot be while there is one: without such regions all
/// waits rise.
bool EarlyAcquisition::hoistAgainstOrder() {
  LockContexts contexts(program, graph);
  LockGraph locks(contexts);
  order = locks.order();
  llvm::DenseSet<unsigned> refused; // by component
  for (const Obstacle &obstacle : findObstacles(contexts, order))
    refused.insert(locks.componentOf(obstacle.point.wanted.lock));
  if (refused.empty())
    return false;
  SmallVector<unsigned> rank(order.size());
  for (auto [position, lock] : llvm::enumerate(order))
    rank[lock] = position;
  size_t known = hoists.size();
  for (const Nesting &nesting : locks.cyclicNestings()) {
    unsigned lock = nesting.acquired.lock;
    if (rank[lock] < rank[nesting.held] && refused.contains(locks.componentOf(lock)))
      add(hoistFor(contexts, nesting));
  }
  return hoists.size() != known;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Fewer of them
//===-------------------------------------------------------------------------------------------------------------===//

/// Looks for a smaller choice of hoists, none included; without one, the program stays as it is. A number of hoists is
/// begun only if time would suffice to try one after the other what one hoist more can be.
void EarlyAcquisition::improve() {
  size_t regions = 1;
  program.walk([&](ConstrainedOp) { ++regions; });
  triesLeft = maxSearch / regions;
  SmallVector<Hoist> known = hoists;
  SmallVector<unsigned> knownOrder = order;
  takeBack(0);
  SmallVector<Hoist> candidates = findCandidates();
  for (size_t count = 0; count < known.size() && candidates.size() <= triesLeft; ++count)
    if (tryChoices(candidates, count))
      return;
  order = knownOrder;
  for (const Hoist &hoist : known)
    add(hoist);
}

/// Every lock that a region could take early because it is on a cycle with one that the region takes.
SmallVector<Hoist> EarlyAcquisition::findCandidates() const {
  LockContexts contexts(program, graph);
  LockGraph locks(contexts);
  SmallVector<Hoist> candidates;
  llvm::DenseSet<std::pair<Operation *, Attribute>> known;
  for (const Nesting &nesting : locks.cyclicNestings()) {
    Hoist hoist = hoistFor(contexts, nesting);
    if (known.insert({hoist.region, hoist.hold.getLock()}).second)
      candidates.push_back(hoist);
  }
  return candidates;
}

/// Adds `count` of the candidates that make the program free of deadlock. False if none do, or time is up.
bool EarlyAcquisition::tryChoices(ArrayRef<Hoist> candidates, size_t count) {
  if (count == 0)
    return isFree();
  size_t kept = hoists.size();
  for (size_t next = 0; next + count <= candidates.size() && triesLeft != 0; ++next) {
    add(candidates[next]);
    if (tryChoices(candidates.drop_front(next + 1), count - 1))
      return true;
    takeBack(kept);
  }
  return false;
}

bool EarlyAcquisition::isFree() {
  if (triesLeft == 0)
    return false;
  --triesLeft;
  LockContexts contexts(program, graph);
  return contexts.upgrades().empty() && findFreeOrder(contexts);
}

/// Looks for an order that the proof accepts: the one against which the fewest regions go or, in components of few
/// locks, any other. Orders of components do not depend on each other, as a circle stays in one.
bool EarlyAcquisition::findFreeOrder(const LockContexts &contexts) {
  LockGraph locks(contexts);
  order = locks.order();
  SmallVector<unsigned> first = order;
  while (true) {
    std::vector<Obstacle> obstacles = findObstacles(contexts, order, /*limit=*/1);
    if (obstacles.empty())
      return true;
    unsigned component = locks.componentOf(obstacles.front().point.wanted.lock);
    auto isMember = [&](unsigned lock) { return locks.componentOf(lock) == component; };
    // The locks of a component stand together.
    auto *begin = llvm::find_if(order, isMember), *end = std::find_if_not(begin, order.end(), isMember);
    std::next_permutation(begin, end);
    if (end - begin > maxPermuted || std::equal(begin, end, first.begin() + (begin - order.begin())))
      return false;
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// One hoist
//===-------------------------------------------------------------------------------------------------------------===//

/// Adds the lock to the region, or strengthens it there.
void EarlyAcquisition::add(const Hoist &hoist) {
  ConstrainedOp region = hoist.region;
  hoists.push_back(hoist);
  before.push_back(region.getHolds());
  SmallVector<Attribute> holds(region.getHolds().getValue());
  auto *present =
      llvm::find_if(holds, [&](Attribute other) { return cast<HoldAttr>(other).getLock() == hoist.hold.getLock(); });
  if (present == holds.end())
    holds.push_back(hoist.hold);
  else if (hoist.hold.getMode() == LockMode::Write)
    *present = hoist.hold;
  region.setHoldsAttr(ArrayAttr::get(region.getContext(), holds));
}

/// Undoes all but the first `kept` hoists.
void EarlyAcquisition::takeBack(size_t kept) {
  while (hoists.size() > kept) {
    hoists.back().region.setHoldsAttr(before.pop_back_val());
    hoists.pop_back();
  }
}
