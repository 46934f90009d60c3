//===- AssignLockOrder.cpp - Ranks the locks and makes every flow acquire them in that order ----------------------===//
//
// First readers that contain writers of the same lock become writers, from the innermost region outwards. Then, as long
// as flows can wait for each other in a circle, the order of LockOrder.h is held against the program: where a region
// that holds `a` acquires `b` inside although b comes before a, and the two are on a circle, the region takes `b`
// together with `a`, early. Each round adds a lock to a region that lacked it, so the rounds end; the last one finds no
// circle. EarlyAcquisition.h then looks for fewer such changes.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "EarlyAcquisition.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

namespace flux {
#define GEN_PASS_DEF_FLUXASSIGNLOCKORDER
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct AssignLockOrder : flux::impl::FluxAssignLockOrderBase<AssignLockOrder> {
  void runOnOperation() override;
};

/// Promotes readers, callees first.
class ReaderPromotion {
public:
  explicit ReaderPromotion(const FlowGraph &graph) : graph(graph), writesOf(graph.flows().size()) {}

  void run();

private:
  /// Locks, each with the first place that takes it for writing.
  using Locks = llvm::SmallDenseMap<Attribute, Operation *>;

  void promoteIn(Block &block, Locks &writes);
  void promoteRegion(ConstrainedOp region, Locks &writes);

  const FlowGraph &graph;
  /// The locks that each flow takes for writing, calls included.
  std::vector<Locks> writesOf;
};

} // namespace

//===-------------------------------------------------------------------------------------------------------------===//
// Readers that contain writers
//===-------------------------------------------------------------------------------------------------------------===//

void ReaderPromotion::run() {
  SmallVector<unsigned> order = graph.topologicalOrder();
  for (unsigned flow : llvm::reverse(order))
    promoteIn(FlowOp(graph.flows()[flow]).getBody().front(), writesOf[flow]);
}

/// Promotes the regions of a block and adds the locks that it takes for writing to `writes`.
void ReaderPromotion::promoteIn(Block &block, Locks &writes) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (std::optional<unsigned> callee = graph.find(call.getCallee()))
        writes.insert(writesOf[*callee].begin(), writesOf[*callee].end());
    } else if (auto region = dyn_cast<ConstrainedOp>(op)) {
      promoteRegion(region, writes);
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (Region &body : dispatch.getCases())
        promoteIn(body.front(), writes);
    }
  }
}

void ReaderPromotion::promoteRegion(ConstrainedOp region, Locks &writes) {
  Locks inside;
  promoteIn(region.getBody().front(), inside);
  SmallVector<Attribute> holds;
  for (HoldAttr hold : region.getHolds().getAsRange<HoldAttr>()) {
    Attribute lock = hold.getLock().getAttr();
    if (hold.getMode() == LockMode::Read && inside.contains(lock)) {
      hold = HoldAttr::get(hold.getContext(), hold.getLock(), LockMode::Write);
      InFlightDiagnostic diag = mlir::emitRemark(region.getLoc())
                                << "'" << hold.getLock().getValue()
                                << "' is taken for writing here, since it is written inside";
      diag.attachNote(inside.lookup(lock)->getLoc()) << "it is taken for writing here";
    }
    if (hold.getMode() == LockMode::Write)
      inside[lock] = region;
    holds.push_back(hold);
  }
  region.setHoldsAttr(ArrayAttr::get(region.getContext(), holds));
  writes.insert(inside.begin(), inside.end());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Early acquisition
//===-------------------------------------------------------------------------------------------------------------===//

/// What a region's constraint is written on: the one node that it calls, or the flow whose body it is.
static StringRef ownerOf(ConstrainedOp region) {
  Block &body = region.getBody().front();
  auto call = dyn_cast<CallOp>(body.front());
  Operation *callee = call ? SymbolTable::lookupNearestSymbolFrom(region, call.getCalleeAttr()) : nullptr;
  bool isNode = isa_and_nonnull<NodeOp>(callee) && call->getNextNode() == body.getTerminator();
  return isNode ? call.getCallee() : region->getParentOfType<FlowOp>().getSymName();
}

/// The constraint of a region as one would write it.
static std::string spellConstraint(ConstrainedOp region) {
  std::string text = ("constraint " + ownerOf(region) + ":{").str();
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(region.getHolds().getAsRange<HoldAttr>(), os, [&](HoldAttr hold) {
    auto lock = SymbolTable::lookupNearestSymbolFrom<LockOp>(region, hold.getLock());
    os << hold.getLock().getValue() << (hold.getMode() == LockMode::Read ? "?" : "")
       << (lock.getScope() == LockScope::Session ? "(session)" : "");
  });
  return text + "};";
}

static void report(ArrayRef<Hoist> hoists) {
  llvm::DenseSet<std::pair<Operation *, Attribute>> reported;
  for (Hoist hoist : hoists) {
    if (!reported.insert({hoist.region, hoist.hold.getLock()}).second)
      continue;
    InFlightDiagnostic diag = mlir::emitRemark(hoist.region.getLoc())
                              << "'" << hoist.hold.getLock().getValue() << "' is taken early here, together with '"
                              << hoist.with.getValue() << "': other flows take them in the other order; '"
                              << spellConstraint(hoist.region) << "' says the same";
    diag.attachNote(hoist.inner->getLoc()) << "it is needed here";
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// The pass
//===-------------------------------------------------------------------------------------------------------------===//

void AssignLockOrder::runOnOperation() {
  FlowGraph graph(getOperation());
  if (failed(verifyAcyclic(graph)))
    return signalPassFailure();
  ReaderPromotion(graph).run();
  EarlyAcquisition early(getOperation(), graph);
  report(early.run());
  SmallVector<LockOp> locks(getOperation().getOps<LockOp>());
  for (auto [rank, lock] : llvm::enumerate(early.lockOrder()))
    locks[lock].setRank(rank);
}
