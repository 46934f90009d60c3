//===- AssignLockOrder.cpp - Ranks the locks and makes every flow acquire them in that order ----------------------===//
//
// First readers that contain writers of the same lock become writers, from the innermost region outwards. Then, as long
// as the proof does not accept the program, the order of LockOrder.h is held against it: where a region that holds `a`
// acquires `b` inside although b comes before a, and the two are of a component that has an obstacle (Deadlock.h), the
// region takes `b` together with `a`, early. Each round adds a lock to a region that lacked it, so the rounds end; in
// the last one there is no obstacle. EarlyAcquisition.h then looks for fewer such changes.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "EarlyAcquisition.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "llvm/ADT/BitVector.h"

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
  ReaderPromotion(ModuleOp program, const FlowGraph &graph);

  void run();

private:
  void promoteIn(Block &block, llvm::BitVector &writes);
  void promoteRegion(ConstrainedOp region, llvm::BitVector &writes);
  Operation *findWriter(Block &block, Attribute lock) const;
  Operation *findWriter(Operation &op, Attribute lock) const;

  const FlowGraph &graph;
  /// The locks that some region reads and some region writes. Others are of no interest here.
  llvm::DenseMap<Attribute, unsigned> mixed;
  /// Those that each flow takes for writing, calls included.
  std::vector<llvm::BitVector> writesOf;
};

} // namespace

//===-------------------------------------------------------------------------------------------------------------===//
// Readers that contain writers
//===-------------------------------------------------------------------------------------------------------------===//

ReaderPromotion::ReaderPromotion(ModuleOp program, const FlowGraph &graph) : graph(graph) {
  llvm::DenseSet<Attribute> read, written;
  program.walk([&](ConstrainedOp region) {
    for (HoldAttr hold : region.getHolds().getAsRange<HoldAttr>())
      (hold.getMode() == LockMode::Read ? read : written).insert(hold.getLock().getAttr());
  });
  for (LockOp lock : program.getOps<LockOp>())
    if (read.contains(lock.getSymNameAttr()) && written.contains(lock.getSymNameAttr()))
      mixed.try_emplace(lock.getSymNameAttr(), mixed.size());
  writesOf.assign(graph.flows().size(), llvm::BitVector(mixed.size()));
}

void ReaderPromotion::run() {
  if (mixed.empty())
    return;
  SmallVector<unsigned> order = graph.topologicalOrder();
  for (unsigned flow : llvm::reverse(order))
    promoteIn(FlowOp(graph.flows()[flow]).getBody().front(), writesOf[flow]);
}

/// Promotes the regions of a block and adds the locks that it takes for writing to `writes`.
void ReaderPromotion::promoteIn(Block &block, llvm::BitVector &writes) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (std::optional<unsigned> callee = graph.calleeOf(call))
        writes |= writesOf[*callee];
    } else if (auto region = dyn_cast<ConstrainedOp>(op)) {
      promoteRegion(region, writes);
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (Region &body : dispatch.getCases())
        promoteIn(body.front(), writes);
    }
  }
}

void ReaderPromotion::promoteRegion(ConstrainedOp region, llvm::BitVector &writes) {
  llvm::BitVector inside(mixed.size());
  promoteIn(region.getBody().front(), inside);
  SmallVector<Attribute> holds(region.getHolds().getValue());
  for (Attribute &attribute : holds) {
    auto hold = cast<HoldAttr>(attribute);
    auto lock = mixed.find(hold.getLock().getAttr());
    if (lock == mixed.end())
      continue;
    if (hold.getMode() == LockMode::Read && inside.test(lock->second)) {
      attribute = HoldAttr::get(hold.getContext(), hold.getLock(), LockMode::Write);
      InFlightDiagnostic diag = mlir::emitRemark(region.getLoc())
                                << "'" << hold.getLock().getValue()
                                << "' is taken for writing here, since it is written inside";
      Operation *writer = findWriter(region.getBody().front(), lock->first);
      diag.attachNote(writer->getLoc()) << "it is taken for writing here";
    }
    if (cast<HoldAttr>(attribute).getMode() == LockMode::Write)
      inside.set(lock->second);
  }
  if (ArrayRef(holds) != region.getHolds().getValue())
    region.setHoldsAttr(ArrayAttr::get(region.getContext(), holds));
  writes |= inside;
}

/// The first region in a block, or in what it runs, that takes `lock` for writing; null if there is none.
Operation *ReaderPromotion::findWriter(Block &block, Attribute lock) const {
  for (Operation &op : block)
    if (Operation *found = findWriter(op, lock))
      return found;
  return nullptr;
}

Operation *ReaderPromotion::findWriter(Operation &op, Attribute lock) const {
  if (auto call = dyn_cast<CallOp>(op)) {
    std::optional<unsigned> callee = graph.calleeOf(call);
    bool writes = callee && writesOf[*callee].test(mixed.at(lock));
    return writes ? findWriter(FlowOp(graph.flows()[*callee]).getBody().front(), lock) : nullptr;
  }
  if (auto region = dyn_cast<ConstrainedOp>(op)) {
    for (HoldAttr hold : region.getHolds().getAsRange<HoldAttr>())
      if (hold.getLock().getAttr() == lock && hold.getMode() == LockMode::Write)
        return region;
  }
  for (Region &body : op.getRegions())
    if (Operation *found = findWriter(body.front(), lock))
      return found;
  return nullptr;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Early acquisition
//===-------------------------------------------------------------------------------------------------------------===//

/// What a region's constraint is written on: the one node that it calls, or the flow whose body it is.
static StringRef ownerOf(const SymbolTable &symbols, ConstrainedOp region) {
  Block &body = region.getBody().front();
  auto call = dyn_cast<CallOp>(body.front());
  Operation *callee = call ? symbols.lookup(call.getCallee()) : nullptr;
  bool isNode = isa_and_nonnull<NodeOp>(callee) && call->getNextNode() == body.getTerminator();
  return isNode ? call.getCallee() : region->getParentOfType<FlowOp>().getSymName();
}

/// The constraint of a region as one would write it.
static std::string spellConstraint(const SymbolTable &symbols, ConstrainedOp region) {
  std::string text = ("constraint " + ownerOf(symbols, region) + ":{").str();
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(region.getHolds().getAsRange<HoldAttr>(), os, [&](HoldAttr hold) {
    auto lock = symbols.lookup<LockOp>(hold.getLock().getValue());
    os << hold.getLock().getValue() << (hold.getMode() == LockMode::Read ? "?" : "")
       << (lock.getScope() == LockScope::Session ? "(session)" : "");
  });
  return text + "};";
}

static void report(ModuleOp program, ArrayRef<Hoist> hoists) {
  if (hoists.empty())
    return;
  SymbolTable symbols(program);
  llvm::DenseSet<std::pair<Operation *, Attribute>> reported;
  for (Hoist hoist : hoists) {
    if (!reported.insert({hoist.region, hoist.hold.getLock()}).second)
      continue;
    InFlightDiagnostic diag = mlir::emitRemark(hoist.region.getLoc())
                              << "'" << hoist.hold.getLock().getValue() << "' is taken early here, together with '"
                              << hoist.with.getValue() << "': other flows take them in the other order; '"
                              << spellConstraint(symbols, hoist.region) << "' says the same";
    diag.attachNote(hoist.inner->getLoc()) << "it is needed here";
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// The pass
//===-------------------------------------------------------------------------------------------------------------===//

void AssignLockOrder::runOnOperation() {
  if (failed(verifyIsProgram(getOperation())))
    return signalPassFailure();
  const FlowGraph &graph = getAnalysis<FlowGraph>();
  if (failed(verifyAcyclic(graph)))
    return signalPassFailure();
  ReaderPromotion(getOperation(), graph).run();
  EarlyAcquisition early(getOperation(), graph);
  report(getOperation(), early.run());
  SmallVector<LockOp> locks(getOperation().getOps<LockOp>());
  for (auto [rank, lock] : llvm::enumerate(early.lockOrder()))
    locks[lock].setRank(rank);
}
