//===- ElideLocks.cpp - Removes locks that an execution model does not need ---------------------------------------===//
//
// A lock is removed where flows cannot meet at it. On any model: if nobody writes; if another lock, held for writing
// wherever this one is taken, keeps flows apart already (the outer one has the lower rank, so that no two locks are
// each other's reason). On a model that calls each source in turn: if only one source takes it, whose calls do not
// overlap.
//
// On one event loop a flow meets others only where it parks. So a region does without its lock if no flow parks with
// the lock in a conflicting mode, and no conflicting flow can come while this one has parked (Parking.h). For a writer
// that is so if nobody parks with it; a reader that does not park may do without even if other readers park. With
// several loops the same holds for session locks, since the flows of a session run on one of them.
//
// Removal makes no deadlock. A lock that keeps two flows from taking others in opposite orders is held while they do;
// on one loop it is removed only if no flow parks with it, that is, if none of them ever waits; and the other reasons
// say that the flows are still kept apart, or never were. proofs/Removal.v has the theorem, and the rules as a check.
//
// What was inferred of nodes may be wrong. So where a lock goes because nobody parks with it, all that runs under such
// locks is guarded: the runtime keeps the loop where it would park. That covers those under locks that stay, too, since
// whether a flow waits for one of them, and parks, depends on what parks with it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/Parking.h"
#include "flux/Dialect/Flux/IR/Models.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "llvm/ADT/BitVector.h"

namespace flux {
#define GEN_PASS_DEF_FLUXELIDELOCKS
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

/// A region or handler and one of the locks that it takes.
struct Taking {
  Operation *taker;
  HeldLock lock;
};

/// Decides, and says why.
class Elision {
public:
  Elision(ModuleOp program, const FlowGraph &graph, const ModelInfo *model)
      : program(program), graph(graph), model(model), contexts(program, graph), isGone(contexts.locks().size()) {}

  void removeAll();
  void decide();
  void rewrite();

private:
  void collectTakings();
  void serveOnly(ModelTrait trait);
  void remove(unsigned lock, const Twine &why);
  bool isOuter(unsigned outer, unsigned inner) const;
  bool isHeldForWriting(const Acquisition &acquisition, unsigned lock) const;
  std::optional<unsigned> findOuterLock(unsigned lock) const;
  void findSources();
  SourceOp findOnlySource(unsigned lock) const;
  void decideOnLoops();
  void reportNeeded(unsigned lock, const ParkReason &reason);
  void reportShared(unsigned lock);
  void drop(const Taking &taking);
  ArrayAttr keptHolds(Operation *taker, ArrayAttr holds) const;

  ModuleOp program;
  const FlowGraph &graph;
  const ModelInfo *model;
  LockContexts contexts;
  std::vector<bool> isGone;
  std::vector<Taking> takings; ///< in program order, handlers last
  /// The same for each lock, and the acquisitions that may have to wait for it.
  std::vector<SmallVector<Operation *>> takersOf;
  std::vector<SmallVector<const Acquisition *>> acquisitionsOf;
  llvm::DenseSet<std::pair<Operation *, unsigned>> dropped; ///< readers that do without a lock that others take
  /// For each flow: the source that alone reaches it, and that as its function. Null if there is none.
  std::vector<SourceOp> onlySource;
  uint64_t models = ~uint64_t(0); ///< those for which the rest is complete
};

struct ElideLocks : flux::impl::FluxElideLocksBase<ElideLocks> {
  using FluxElideLocksBase::FluxElideLocksBase;

  void runOnOperation() override {
    if (failed(verifyIsProgram(getOperation())))
      return signalPassFailure();
    const ModelInfo *info = nullptr;
    if (!model.empty()) {
      info = findModel(model);
      if (!info) {
        getOperation().emitError() << "unknown model '" << model << "'; the models are " << modelNames();
        return signalPassFailure();
      }
    }
    FlowGraph graph(getOperation());
    if (failed(verifyAcyclic(graph)))
      return signalPassFailure();
    for (LockOp lock : getOperation().getOps<LockOp>())
      if (!lock.getRank()) {
        lock.emitOpError() << "has no rank; run flux-assign-lock-order first";
        return signalPassFailure();
      }
    Elision elision(getOperation(), graph, info);
    if (force)
      elision.removeAll();
    else
      elision.decide();
    elision.rewrite();
  }
};

} // namespace

static ArrayAttr holdsOf(Operation *taker) {
  auto region = dyn_cast<ConstrainedOp>(taker);
  return region ? region.getHolds() : cast<HandlerOp>(taker).getHolds();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Decisions
//===-------------------------------------------------------------------------------------------------------------===//

void Elision::collectTakings() {
  takersOf.resize(isGone.size());
  acquisitionsOf.resize(isGone.size());
  auto collect = [&](Operation *taker) {
    for (HoldAttr hold : holdsOf(taker).getAsRange<HoldAttr>()) {
      takings.push_back({taker, {contexts.indexOf(hold), hold.getMode()}});
      takersOf[contexts.indexOf(hold)].push_back(taker);
    }
  };
  program.walk<WalkOrder::PreOrder>([&](ConstrainedOp region) { collect(region); });
  for (HandlerOp handler : program.getOps<HandlerOp>())
    collect(handler);
  for (const Acquisition &acquisition : contexts.acquisitions())
    for (HeldLock lock : acquisition.taken)
      acquisitionsOf[lock.lock].push_back(&acquisition);
}

void Elision::removeAll() { isGone.assign(isGone.size(), true); }

void Elision::decide() {
  collectTakings();
  findSources();
  for (unsigned lock = 0; lock != isGone.size(); ++lock) {
    if (!contexts.isWritten(lock)) {
      remove(lock, "nobody writes what it protects");
    } else if (std::optional<unsigned> outer = findOuterLock(lock)) {
      remove(lock, "'" + contexts.name(*outer) + "' is held for writing wherever it is taken");
    } else if (SourceOp source = findOnlySource(lock)) {
      remove(lock, "only source '" + source.getFunction() + "' takes it, whose calls do not overlap");
      serveOnly(ModelTrait::SourcesInTurn);
    }
  }
  if (model && model->has(ModelTrait::Loops))
    return decideOnLoops();
  for (unsigned lock = 0; lock != isGone.size(); ++lock)
    if (!isGone[lock])
      reportShared(lock);
}

void Elision::reportShared(unsigned lock) {
  mlir::emitRemark(LockOp(contexts.locks()[lock]).getLoc())
      << "lock '" << contexts.name(lock)
      << "' is kept: " << (model ? "model '" + model->name + "' runs" : Twine("there are models that run")).str()
      << " flows at the same time";
}

/// Models without the trait are not served any more, also those that are still to come.
void Elision::serveOnly(ModelTrait trait) {
  uint64_t served = 0;
  for (const ModelInfo &info : allModels())
    if (info.has(trait))
      served |= info.bit;
  models &= served;
}

void Elision::remove(unsigned lock, const Twine &why) {
  isGone[lock] = true;
  mlir::emitRemark(LockOp(contexts.locks()[lock]).getLoc())
      << "lock '" << contexts.name(lock) << "' is removed: " << why.str();
}

//===-------------------------------------------------------------------------------------------------------------===//
// An outer lock
//===-------------------------------------------------------------------------------------------------------------===//

/// Whether flows that `outer` keeps apart include all that `inner` would keep apart, and comes first.
bool Elision::isOuter(unsigned outer, unsigned inner) const {
  LockOp a = contexts.locks()[outer], b = contexts.locks()[inner];
  return *a.getRank() < *b.getRank() && (a.getScope() == LockScope::Program || b.getScope() == LockScope::Session);
}

/// Whether `acquisition` takes `lock` for writing, or finds it held so.
bool Elision::isHeldForWriting(const Acquisition &acquisition, unsigned lock) const {
  return contexts.context(acquisition.context).must.modeOf(lock) == LockMode::Write ||
         modeOf(acquisition.taken, lock) == LockMode::Write;
}

/// A lock that is held for writing wherever `lock` is taken: the first in textual order.
std::optional<unsigned> Elision::findOuterLock(unsigned lock) const {
  ArrayRef<const Acquisition *> all = acquisitionsOf[lock];
  auto isCommon = [&](HeldLock other) {
    return other.mode == LockMode::Write && isOuter(other.lock, lock) &&
           llvm::all_of(all.drop_front(),
                        [&](const Acquisition *acquisition) { return isHeldForWriting(*acquisition, other.lock); });
  };
  std::optional<unsigned> first;
  auto search = [&](const auto &set) {
    auto found = llvm::find_if(set, isCommon);
    if (found != set.end() && (!first || (*found).lock < *first))
      first = (*found).lock;
  };
  if (!all.empty()) {
    search(contexts.context(all.front()->context).must);
    search(all.front()->taken);
  }
  return first;
}

//===-------------------------------------------------------------------------------------------------------------===//
// One source
//===-------------------------------------------------------------------------------------------------------------===//

void Elision::findSources() {
  onlySource.resize(graph.flows().size());
  llvm::BitVector reachedOtherwise(graph.flows().size());
  // A null source stands for any other way.
  auto reach = [&](unsigned flow, SourceOp source) {
    if (!source || (onlySource[flow] && onlySource[flow] != source))
      reachedOtherwise.set(flow);
    else
      onlySource[flow] = source;
  };
  for (SourceOp source : program.getOps<SourceOp>()) {
    if (std::optional<unsigned> target = graph.find(source.getTarget()))
      reach(*target, nullptr);
    if (std::optional<unsigned> flow = graph.find(source.getFunction()))
      reach(*flow, source);
  }
  for (unsigned flow : graph.topologicalOrder()) {
    if (reachedOtherwise.test(flow))
      onlySource[flow] = nullptr;
    if (reachedOtherwise.test(flow) || onlySource[flow])
      for (const FlowGraph::Edge &edge : graph.calls(flow))
        reach(edge.callee, onlySource[flow]);
  }
}

/// The source whose function alone comes to `lock`, on a model that calls each source by itself. A handler may run for
/// anybody.
SourceOp Elision::findOnlySource(unsigned lock) const {
  if (!model || !model->has(ModelTrait::SourcesInTurn))
    return nullptr;
  SourceOp only;
  for (Operation *taker : takersOf[lock]) {
    auto flow = taker->getParentOfType<FlowOp>();
    SourceOp source = flow ? onlySource[graph.indexOf(flow)] : nullptr;
    if (!source || (only && only != source))
      return nullptr;
    only = source;
  }
  return only;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Event loops
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

/// Marks what runs inside of regions and handlers, through calls or not. Each region and flow is visited once.
class Guarding {
public:
  explicit Guarding(ModuleOp program) : symbols(program) {}

  void run(ArrayRef<Taking> takings);

private:
  void visit(Operation *outer);
  void visitCallee(Operation *callee);
  void visitPredicates(DispatchOp dispatch);
  template <typename Op> void mark(Op function) { function.setGuarded(function.getBlocksAttr() && !mayPark(function)); }

  SymbolTable symbols;
  SmallVector<Operation *> queue;
  llvm::DenseSet<Operation *> visited;
};

} // namespace

void Guarding::run(ArrayRef<Taking> takings) {
  for (const Taking &taking : takings)
    queue.push_back(taking.taker);
  while (!queue.empty())
    visit(queue.pop_back_val());
}

void Guarding::visit(Operation *outer) {
  outer->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<ConstrainedOp, FlowOp>(op) && !visited.insert(op).second)
      return WalkResult::skip();
    if (auto call = dyn_cast<CallOp>(op))
      visitCallee(symbols.lookup(call.getCallee()));
    else if (auto dispatch = dyn_cast<DispatchOp>(op))
      visitPredicates(dispatch);
    else if (auto handler = dyn_cast<HandlerOp>(op))
      mark(handler);
    return WalkResult::advance();
  });
}

/// What is declared `nonblocking` is a promise, to which the runtime holds it anyway.
void Guarding::visitCallee(Operation *callee) {
  auto node = dyn_cast<NodeOp>(callee);
  if (!node)
    queue.push_back(callee);
  else if (node.getBlocking() == Blocking::Unknown)
    mark(node);
}

void Guarding::visitPredicates(DispatchOp dispatch) {
  for (ArrayAttr pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
    for (Attribute element : pattern)
      if (auto name = dyn_cast<FlatSymbolRefAttr>(element))
        mark(symbols.lookup<PredicateOp>(name.getValue()));
}

void Elision::decideOnLoops() {
  const std::vector<bool> gone = isGone;
  Parking parking(contexts, gone, program, !model->has(ModelTrait::OneLoop));
  std::vector<std::optional<ParkReason>> needed(gone.size());
  std::vector<Taking> asked, needless;
  for (const Taking &taking : takings) {
    if (gone[taking.lock.lock] || !parking.staysOnLoop(taking.lock.lock))
      continue;
    asked.push_back(taking);
    std::optional<ParkReason> reason = parking.whyNeeded(taking.taker, taking.lock);
    if (!reason)
      needless.push_back(taking);
    else if (!needed[taking.lock.lock])
      needed[taking.lock.lock] = reason;
  }
  for (unsigned lock = 0; lock != gone.size(); ++lock) {
    if (gone[lock])
      continue;
    if (!parking.staysOnLoop(lock))
      reportShared(lock);
    else if (needed[lock])
      reportNeeded(lock, *needed[lock]);
    else
      remove(lock, "no flow can park while it holds it");
  }
  for (const Taking &taking : needless)
    if (needed[taking.lock.lock])
      drop(taking);
  if (needless.empty())
    return;
  Guarding(program).run(asked);
  // What does not park on one of several loops does not on the only one.
  serveOnly(model->has(ModelTrait::OneLoop) ? ModelTrait::OneLoop : ModelTrait::Loops);
}

/// Why a flow may park where it calls `function`, as a clause; empty if nothing was asked.
static StringRef whyMayPark(Operation *function) {
  auto inferred = function->getAttrOfType<BlocksAttr>("blocks");
  if (inferred && inferred.getVerdict() == Verdict::May)
    return inferred.getWhy();
  auto node = dyn_cast<NodeOp>(function);
  return node && node.getByModel() ? "the model runs it" : "";
}

void Elision::reportNeeded(unsigned lock, const ParkReason &reason) {
  InFlightDiagnostic diag = mlir::emitRemark(LockOp(contexts.locks()[lock]).getLoc())
                            << "lock '" << contexts.name(lock) << "' is kept: ";
  if (reason.lock) {
    diag << "a flow that holds it may wait for lock '" << contexts.name(*reason.lock) << "'";
    diag.attachNote(reason.where->getLoc()) << "it would wait here";
    return;
  }
  auto handler = dyn_cast<HandlerOp>(reason.function);
  auto predicate = dyn_cast<PredicateOp>(reason.function);
  diag << (handler     ? "handler"
           : predicate ? "predicate"
                       : "node")
       << " '" << (handler ? handler.getFunction() : SymbolTable::getSymbolName(reason.function).getValue())
       << "' may block while it is held";
  if (StringRef why = whyMayPark(reason.function); !why.empty())
    diag << ": " << why;
  diag.attachNote(reason.where->getLoc()) << "it runs here";
}

/// Lets a reader do without a lock that others need.
void Elision::drop(const Taking &taking) {
  dropped.insert({taking.taker, taking.lock.lock});
  mlir::emitRemark(taking.taker->getLoc()) << "lock '" << contexts.name(taking.lock.lock)
                                           << "' is not taken here: this reader does not park, and no writer does";
}

//===-------------------------------------------------------------------------------------------------------------===//
// The program without them
//===-------------------------------------------------------------------------------------------------------------===//

/// Of the locks that `taker` takes, those that it still needs.
ArrayAttr Elision::keptHolds(Operation *taker, ArrayAttr holds) const {
  SmallVector<Attribute> kept;
  for (HoldAttr hold : holds.getAsRange<HoldAttr>()) {
    unsigned lock = contexts.indexOf(hold);
    if (!isGone[lock] && !dropped.contains({taker, lock}))
      kept.push_back(hold);
  }
  return ArrayAttr::get(taker->getContext(), kept);
}

/// Puts a region's operations in its place.
static void dissolve(ConstrainedOp region) {
  Operation *end = region.getBody().front().getTerminator();
  region.replaceAllUsesWith(end->getOperands());
  end->erase();
  Block &body = region.getBody().front();
  region->getBlock()->getOperations().splice(region->getIterator(), body.getOperations());
  region.erase();
}

void Elision::rewrite() {
  // Innermost first: an outer region takes its own operations with it.
  program.walk<WalkOrder::PostOrder>([&](ConstrainedOp region) {
    ArrayAttr kept = keptHolds(region, region.getHolds());
    if (kept.empty())
      dissolve(region);
    else
      region.setHoldsAttr(kept);
  });
  for (HandlerOp handler : program.getOps<HandlerOp>())
    handler.setHoldsAttr(keptHolds(handler, handler.getHolds()));
  for (auto [index, lock] : llvm::enumerate(contexts.locks()))
    if (isGone[index])
      LockOp(lock).erase();

  if (models == ~uint64_t(0))
    return;
  Builder builder(program.getContext());
  auto before = program->getAttrOfType<ArrayAttr>(FluxDialect::modelsAttr);
  SmallVector<Attribute> names;
  for (const ModelInfo &info : allModels()) {
    Attribute name = builder.getStringAttr(info.name);
    if ((models & info.bit) && (!before || llvm::is_contained(before, name)))
      names.push_back(name);
  }
  program->setAttr(FluxDialect::modelsAttr, builder.getArrayAttr(names));
}
