//===- Hoists.cpp - Whether fewer early acquisitions would have done ----------------------------------------------===//

#include "Hoists.h"
#include "flux/Analysis/Deadlock.h"
#include <numeric>

using namespace explorer;
using namespace flux;
using namespace mlir;

/// More choices than these are not tried.
static constexpr size_t maxCandidates = 12;
static constexpr unsigned maxHoists = 4, maxLocks = 4;

namespace {

/// A region that could take a lock early.
struct Candidate {
  ConstrainedOp region;
  HoldAttr hold;
};

} // namespace

static SmallVector<ConstrainedOp> regionsOf(ModuleOp program) {
  SmallVector<ConstrainedOp> regions;
  program.walk([&](ConstrainedOp region) { regions.push_back(region); });
  return regions;
}

static bool takes(ConstrainedOp region, FlatSymbolRefAttr lock) {
  return llvm::any_of(region.getHolds().getAsRange<HoldAttr>(), [&](HoldAttr hold) { return hold.getLock() == lock; });
}

/// Whether the program is free of deadlock with some order of its locks.
static bool isFreeInSomeOrder(ModuleOp program) {
  FlowGraph graph(program);
  LockContexts contexts(program, graph);
  if (!contexts.upgrades().empty())
    return false;
  SmallVector<unsigned> order(contexts.locks().size());
  std::iota(order.begin(), order.end(), 0);
  do {
    if (findObstacles(contexts, order, /*limit=*/1).empty())
      return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

static SmallVector<Candidate> findCandidates(ModuleOp program) {
  FlowGraph graph(program);
  LockContexts contexts(program, graph);
  HeldLocks all = contexts.noLocks();
  for (unsigned lock = 0; lock != contexts.locks().size(); ++lock)
    all.strengthen({lock, LockMode::Write});
  SmallVector<Candidate> candidates;
  for (const Nesting &nesting : findNestings(contexts, [&](unsigned) { return all; })) {
    LockOp lock = contexts.locks()[nesting.acquired.lock];
    auto symbol = FlatSymbolRefAttr::get(lock.getSymNameAttr());
    bool isKnown = llvm::any_of(
        candidates, [&](Candidate other) { return other.region == nesting.outer && other.hold.getLock() == symbol; });
    if (!isKnown && !takes(nesting.outer, symbol))
      candidates.push_back({nesting.outer, HoldAttr::get(program.getContext(), symbol, nesting.acquired.mode)});
  }
  return candidates;
}

/// Whether `count` of the candidates make the program free of deadlock.
static bool sufficesToHoist(ModuleOp program, ArrayRef<Candidate> candidates, unsigned count) {
  if (count == 0)
    return isFreeInSomeOrder(program);
  for (size_t next = 0; next + count <= candidates.size(); ++next) {
    ConstrainedOp region = candidates[next].region;
    ArrayAttr before = region.getHolds();
    SmallVector<Attribute> holds(before.getValue());
    holds.push_back(candidates[next].hold);
    region.setHoldsAttr(ArrayAttr::get(program.getContext(), holds));
    bool suffices = sufficesToHoist(program, candidates.drop_front(next + 1), count - 1);
    region.setHoldsAttr(before);
    if (suffices)
      return true;
  }
  return false;
}

Hoists explorer::countHoists(ModuleOp original, ModuleOp ordered) {
  Hoists result;
  for (auto [before, after] : llvm::zip_equal(regionsOf(original), regionsOf(ordered))) {
    SmallVector<Attribute> kept;
    for (HoldAttr hold : after.getHolds().getAsRange<HoldAttr>())
      if (takes(before, hold.getLock()))
        kept.push_back(hold);
    result.made += after.getHolds().size() - kept.size();
    after.setHoldsAttr(ArrayAttr::get(ordered.getContext(), kept));
  }
  SmallVector<Candidate> candidates = findCandidates(ordered);
  bool isSmall = llvm::range_size(ordered.getOps<LockOp>()) <= maxLocks && candidates.size() <= maxCandidates;
  if (result.made == 0 || result.made > maxHoists || !isSmall)
    return result;
  result.fewest = 0;
  while (*result.fewest != result.made && !sufficesToHoist(ordered, candidates, *result.fewest))
    ++*result.fewest;
  return result;
}
