//===- Nesting.cpp - Which regions enclose which acquisitions -----------------------------------------------------===//
//
// Flows are visited callees first, in each of their contexts. An acquisition looks for the region that took the held
// lock among those around it in its flow; if the flow was entered with the lock, the pair stays open for the calls of
// the flow.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/Nesting.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace flux;

namespace {

class NestingFinder {
public:
  NestingFinder(const LockContexts &contexts, llvm::function_ref<HeldLocks(unsigned)> relevantTo)
      : contexts(contexts), graph(contexts.flowGraph()), relevantTo(relevantTo), open(graph.flows().size()) {}

  std::vector<Nesting> run();

private:
  /// A region being walked and the context around it.
  struct Frame {
    ConstrainedOp region;
    unsigned outside;
  };
  /// An acquisition that a caller's region encloses.
  struct Open {
    LockMode mode;
    Operation *inner;
  };

  void walk(Block &block, unsigned context);
  void visitRegion(ConstrainedOp region, unsigned context);
  void visitCall(unsigned callee, unsigned context);
  void pair(unsigned held, HeldLock acquired, Operation *inner);
  void add(unsigned held, HeldLock acquired, ConstrainedOp outer, Operation *inner);

  const LockContexts &contexts;
  const FlowGraph &graph;
  llvm::function_ref<HeldLocks(unsigned)> relevantTo;
  std::vector<llvm::MapVector<std::pair<unsigned, unsigned>, Open>> open;
  unsigned flow = 0;
  SmallVector<Frame> frames;
  std::vector<Nesting> found;
  llvm::DenseMap<std::tuple<Operation *, unsigned, unsigned>, size_t> positions;
};

} // namespace

std::vector<Nesting> flux::findNestings(const LockContexts &contexts,
                                        llvm::function_ref<HeldLocks(unsigned)> relevantTo) {
  return NestingFinder(contexts, relevantTo).run();
}

std::vector<Nesting> NestingFinder::run() {
  SmallVector<unsigned> order = graph.topologicalOrder();
  for (unsigned next : llvm::reverse(order)) {
    flow = next;
    for (unsigned entry : contexts.entriesOf(flow))
      walk(FlowOp(graph.flows()[flow]).getBody().front(), entry);
  }
  return std::move(found);
}

void NestingFinder::walk(Block &block, unsigned context) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (std::optional<unsigned> callee = graph.calleeOf(call))
        visitCall(*callee, context);
    } else if (auto region = dyn_cast<ConstrainedOp>(op)) {
      visitRegion(region, context);
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (Region &body : dispatch.getCases())
        walk(body.front(), context);
    }
  }
}

void NestingFinder::visitRegion(ConstrainedOp region, unsigned context) {
  const LockContext &outside = contexts.context(context);
  for (HoldAttr hold : region.getHolds().getAsRange<HoldAttr>()) {
    HeldLock acquired = {contexts.indexOf(hold), hold.getMode()};
    if (outside.must.contains(acquired.lock))
      continue;
    HeldLocks relevant = outside.may & relevantTo(acquired.lock);
    for (HeldLock held : relevant)
      if (held.lock != acquired.lock)
        pair(held.lock, acquired, region);
  }
  std::optional<unsigned> inside = contexts.inside(context, region.getHolds());
  if (!inside)
    return;
  frames.push_back({region, context});
  walk(region.getBody().front(), *inside);
  frames.pop_back();
}

void NestingFinder::visitCall(unsigned callee, unsigned context) {
  const LockContext &outside = contexts.context(context);
  for (const auto &[locks, inside] : open[callee])
    if (outside.may.contains(locks.first) && !outside.must.contains(locks.second))
      pair(locks.first, {locks.second, inside.mode}, inside.inner);
}

/// `inner` acquires a lock while `held` is held: finds out which region took it.
void NestingFinder::pair(unsigned held, HeldLock acquired, Operation *inner) {
  for (const Frame &frame : llvm::reverse(frames)) {
    bool takesIt = llvm::any_of(ConstrainedOp(frame.region).getHolds().getAsRange<HoldAttr>(),
                                [&](HoldAttr hold) { return contexts.indexOf(hold) == held; });
    if (takesIt && !contexts.context(frame.outside).must.contains(held))
      add(held, acquired, frame.region, inner);
    if (takesIt && !contexts.context(frame.outside).may.contains(held))
      return;
  }
  Open &entry = open[flow].insert({{held, acquired.lock}, {acquired.mode, inner}}).first->second;
  entry.mode = std::max(entry.mode, acquired.mode);
}

void NestingFinder::add(unsigned held, HeldLock acquired, ConstrainedOp outer, Operation *inner) {
  auto [position, isNew] = positions.try_emplace({outer, held, acquired.lock}, found.size());
  if (isNew)
    found.push_back({held, acquired, outer, inner});
  else
    found[position->second].acquired.mode = std::max(found[position->second].acquired.mode, acquired.mode);
}
