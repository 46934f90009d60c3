//===- CheckWaits.cpp - Says where a flow waits for something that is no lock, and holds one ----------------------===//
//
// What the proof assumes of nodes is that they return. Whoever waits for a client, for a pipe or for another flow
// returns when they please, and holds meanwhile what it holds. The walk goes through every flow in each context that it
// may be entered in, and asks of each node what the bitcode shows of its calls (NodeLocks.h), and of the variables of
// its thread, which are no longer its own there (ThreadLocals.h).
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "NodeFiles.h"
#include "flux/Analysis/NodeLocks.h"
#include "flux/Analysis/ThreadLocals.h"
#include "flux/Dialect/Flux/IR/Models.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

namespace flux {
#define GEN_PASS_DEF_FLUXCHECKWAITS
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct CheckWaits : flux::impl::FluxCheckWaitsBase<CheckWaits> {
  using FluxCheckWaitsBase::FluxCheckWaitsBase;
  void runOnOperation() override;
};

/// A node, predicate or handler, and what its function does.
struct Waiter {
  Operation *where;
  StringRef kind, function;
};

class WaitChecker {
public:
  WaitChecker(ModuleOp program, const NodeCode &code, const ModelInfo *model, bool strict)
      : program(program), model(model), strict(strict), locks(code), threadLocals(code), graph(program),
        contexts(program, graph) {}

  void run();

private:
  void visit(Block &block, const HeldLocks &held);
  void judge(const Waiter &waiter, const HeldLocks &held);
  void reportConstraint(const Waiter &waiter, const WaitingCall &call, unsigned lock);
  void reportMutex(const Waiter &waiter, const WaitingCall &call);
  void reportThreadLocal(const Waiter &waiter, const UseAcrossWait &use);
  InFlightDiagnostic begin(const Waiter &waiter, bool isWarning, StringRef kind, StringRef lock,
                           const WaitingCall &call) const;
  bool concerns(ModelTrait trait) const { return !model || model->has(trait); }

  ModuleOp program;
  const ModelInfo *model;
  bool strict;
  NodeLocks locks;
  ThreadLocals threadLocals;
  FlowGraph graph;
  LockContexts contexts;
  SymbolTable symbols{program};
  /// A function's call is reported once with a constraint, and once with a mutex.
  llvm::DenseSet<const WaitingCall *> underConstraint, underMutex;
};

} // namespace

void CheckWaits::runOnOperation() {
  markAllAnalysesPreserved();
  if (failed(verifyIsProgram(getOperation())))
    return signalPassFailure();
  const ModelInfo *parsed = findModel(model);
  if (!model.empty() && !parsed) {
    getOperation().emitError() << "unknown model '" << model << "'; the models are " << modelNames();
    return signalPassFailure();
  }
  NodeCode code;
  if (failed(addNodeCode(code, nodes, getOperation())))
    return signalPassFailure();
  WaitChecker(getOperation(), code, parsed, strict).run();
}

void WaitChecker::run() {
  for (auto [index, flow] : llvm::enumerate(graph.flows()))
    for (unsigned context : contexts.entriesOf(index))
      visit(FlowOp(flow).getBody().front(), contexts.context(context).may);
  for (SourceOp source : program.getOps<SourceOp>())
    for (StringRef function : {source.getFunction(), source.getTarget()})
      if (!graph.find(function))
        judge({source, "node", function}, contexts.noLocks());
  for (HandlerOp handler : program.getOps<HandlerOp>()) {
    HeldLocks held = contexts.noLocks();
    for (HoldAttr hold : handler.getHolds().getAsRange<HoldAttr>())
      held.strengthen({contexts.indexOf(hold), hold.getMode()});
    judge({handler, "handler", handler.getFunction()}, held);
  }
}

void WaitChecker::visit(Block &block, const HeldLocks &held) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (!graph.calleeOf(call))
        judge({call, "node", call.getCallee()}, held);
    } else if (auto region = dyn_cast<ConstrainedOp>(op)) {
      HeldLocks inside = held;
      for (HoldAttr hold : region.getHolds().getAsRange<HoldAttr>())
        inside.strengthen({contexts.indexOf(hold), hold.getMode()});
      visit(region.getBody().front(), inside);
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (auto pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
        for (auto name : pattern.getAsRange<FlatSymbolRefAttr>())
          if (auto predicate = symbols.lookup<PredicateOp>(name.getAttr())) // not '_'
            judge({dispatch, "predicate", predicate.getFunction()}, held);
      for (Region &body : dispatch.getCases())
        visit(body.front(), held);
    }
  }
}

void WaitChecker::judge(const Waiter &waiter, const HeldLocks &held) {
  HeldLocks written = held & contexts.writtenLocks();
  for (const WaitingCall &call : locks.useOf(waiter.function).calls) {
    if (!written.empty() && call.what != WaitingCall::For::Time && underConstraint.insert(&call).second)
      reportConstraint(waiter, call, (*written.begin()).lock);
    if (!call.held.empty() && concerns(ModelTrait::Loops) && underMutex.insert(&call).second)
      reportMutex(waiter, call);
  }
  if (concerns(ModelTrait::Loops))
    for (const UseAcrossWait &use : threadLocals.findUses(waiter.function))
      reportThreadLocal(waiter, use);
}

/// Begins `node 'Fetch' holds 'cache' while it waits in 'recv'`, with the place of the call.
InFlightDiagnostic WaitChecker::begin(const Waiter &waiter, bool isWarning, StringRef kind, StringRef lock,
                                      const WaitingCall &call) const {
  Location where = waiter.where->getLoc();
  InFlightDiagnostic diag = isWarning ? mlir::emitWarning(where) : mlir::emitRemark(where);
  diag << waiter.kind << " '" << waiter.function << "' holds " << kind << "'" << lock << "' while it waits in '"
       << call.callee << "'";
  for (const std::string &function : llvm::reverse(call.by))
    diag << ", called by '" << function << "'";
  if (call.what == WaitingCall::For::Flows)
    diag << ", for what another flow has to do";
  noteCall(diag, call.where, where.getContext());
  return diag;
}

/// Others wait for the constraint as long as the call does. On models with a bounded number of workers they may be all
/// that there are, and what the call waits for may be in the queue behind them.
void WaitChecker::reportConstraint(const Waiter &waiter, const WaitingCall &call, unsigned lock) {
  bool exhausts = call.what == WaitingCall::For::Flows && concerns(ModelTrait::Workers);
  InFlightDiagnostic diag = begin(waiter, strict || exhausts, "", contexts.name(lock), call);
  if (ConstrainedOp taken = contexts.whereTaken(waiter.where, lock))
    diag.attachNote(taken->getLoc()) << "'" << contexts.name(lock) << "' is taken here";
  if (exhausts)
    diag.attachNote(waiter.where->getLoc())
        << "on " << modelNames([](const ModelInfo &each) { return each.has(ModelTrait::Workers); })
        << " all workers can come to wait for '" << contexts.name(lock)
        << "' while that flow is still in the queue; waiting before '" << contexts.name(lock)
        << "' is taken mends this";
}

/// A parked flow keeps its mutexes, and its loop goes on with others, which may want them.
void WaitChecker::reportMutex(const Waiter &waiter, const WaitingCall &call) {
  StringRef mutex = locks.names()[call.held.back().first];
  InFlightDiagnostic diag = begin(waiter, /*isWarning=*/true, "mutex ", mutex, call);
  diag.attachNote(waiter.where->getLoc()) << "the flow parks there and keeps '" << mutex
                                          << "'; flows of any loop that lock it wait until this call returns";
}

/// The thread runs other flows while this one is parked.
void WaitChecker::reportThreadLocal(const Waiter &waiter, const UseAcrossWait &use) {
  Location where = waiter.where->getLoc();
  InFlightDiagnostic diag = mlir::emitWarning(where);
  diag << waiter.kind << " '" << waiter.function << "' uses thread_local '" << use.variable
       << "' before and after it waits in '" << use.callee << "'";
  noteCall(diag, use.where, where.getContext());
  diag.attachNote(where) << "the flow parks there, and the flows of an event loop share '" << use.variable
                         << "'; what pthread_setspecific() keeps is each flow's";
}
