//===- EarlyAcquisition.cpp - Which regions take locks early ------------------------------------------------------===//

#include "EarlyAcquisition.h"

using namespace mlir;
using namespace flux;

/// Regions that the search for fewer hoists looks at in all: the more a program has, the fewer choices are tried.
static constexpr size_t maxSearch = 200'000;

static Hoist hoistFor(const LockContexts &contexts, const Nesting &nesting) {
  LockOp lock = contexts.locks()[nesting.acquired.lock], held = contexts.locks()[nesting.held];
  auto symbol = FlatSymbolRefAttr::get(lock.getSymNameAttr());
  HoldAttr hold = HoldAttr::get(lock.getContext(), symbol, nesting.acquired.mode);
  return {nesting.outer, hold, held.getSymNameAttr(), nesting.inner};
}

ArrayRef<Hoist> EarlyAcquisition::run() {
  while (hoistAgainstOrder())
    continue;
  if (hoists.size() > 1)
    improve();
  return hoists;
}

/// Takes locks early in the regions that go against the order among the locks of a circle. False if there is no circle,
/// or no such region, which cannot be while there is one; then the proof that follows refuses the program.
bool EarlyAcquisition::hoistAgainstOrder() {
  LockContexts contexts(program, graph);
  LockGraph locks(contexts);
  order = locks.order();
  SmallVector<unsigned> rank(order.size());
  std::optional<Deadlock> deadlock = findDeadlock(contexts, order);
  if (!deadlock)
    return false;
  for (auto [position, lock] : llvm::enumerate(order))
    rank[lock] = position;
  unsigned onCircle = deadlock->circle.front().wanted.lock;
  size_t known = hoists.size();
  for (const Nesting &nesting : locks.cyclicNestings()) {
    unsigned lock = nesting.acquired.lock;
    if (rank[lock] < rank[nesting.held] && (lock == onCircle || locks.areOnCycle(lock, onCircle)))
      add(hoistFor(contexts, nesting));
  }
  return hoists.size() != known;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Fewer of them
//===-------------------------------------------------------------------------------------------------------------===//

/// Looks for a smaller choice of hoists; without one, the program stays as it is.
void EarlyAcquisition::improve() {
  size_t regions = 1;
  program.walk([&](ConstrainedOp) { ++regions; });
  triesLeft = maxSearch / regions;
  SmallVector<Hoist> known = hoists;
  takeBack(0);
  SmallVector<Hoist> candidates = findCandidates();
  for (size_t count = 1; count < known.size(); ++count)
    if (tryChoices(candidates, count))
      return;
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
  SmallVector<unsigned> candidate = LockGraph(contexts).order();
  if (!contexts.upgrades().empty() || findDeadlock(contexts, candidate))
    return false;
  order = candidate;
  return true;
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
