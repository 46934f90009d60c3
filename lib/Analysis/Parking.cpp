//===- Parking.cpp - Where a flow may give way to others while it holds a lock ------------------------------------===//
//
// Whether a region may park depends on whether a lock that it takes inside may be held by a flow that has parked, which
// depends on other regions. The least solution is the right one: the first flow that parks anywhere does so in a call
// that blocks, and the next ones there or at a lock that one of the earlier ones holds. So rounds over the program
// begin with nothing, and each adds to what may park with a lock: a fact for each lock of a region, so rounds end.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/Parking.h"

using namespace mlir;
using namespace flux;

bool flux::mayPark(Operation *function) {
  auto node = dyn_cast<NodeOp>(function);
  if (node && node.getByModel())
    return true;
  if (auto inferred = function->getAttrOfType<BlocksAttr>("blocks"))
    return inferred.getVerdict() == Verdict::May;
  return !node || node.getBlocking() != Blocking::Nonblocking;
}

Parking::Parking(const LockContexts &contexts, const std::vector<bool> &isGone, ModuleOp program, bool severalLoops)
    : contexts(contexts), isGone(isGone), program(program), severalLoops(severalLoops), symbols(program),
      parked(contexts.locks().size()) {
  while (visitProgram())
    continue;
}

bool Parking::staysOnLoop(unsigned lock) const {
  return !severalLoops || LockOp(contexts.locks()[lock]).getScope() == LockScope::Session;
}

std::optional<ParkReason> Parking::whyNeeded(Operation *taker, HeldLock lock) const {
  auto own = reasons.find({taker, lock.lock});
  if (own != reasons.end() && contexts.isWritten(lock.lock))
    return own->second;
  const Parked &others = parked[lock.lock];
  return others.writer || lock.mode == LockMode::Read ? others.writer : others.reader;
}

/// One round, callees first. Returns whether it has found out anything new.
bool Parking::visitProgram() {
  changed = false;
  flows.clear();
  const FlowGraph &graph = contexts.flowGraph();
  SmallVector<unsigned> order = graph.topologicalOrder();
  for (unsigned flow : llvm::reverse(order))
    for (unsigned context : contexts.entriesOf(flow))
      flows[{flow, context}] = visit(FlowOp(graph.flows()[flow]).getBody().front(), context);
  for (HandlerOp handler : program.getOps<HandlerOp>())
    visitHandler(handler);
  return changed;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The walk
//===-------------------------------------------------------------------------------------------------------------===//

/// Visits everything in a block, and returns the first reason why it may park.
std::optional<ParkReason> Parking::visit(Block &block, unsigned context) {
  std::optional<ParkReason> first;
  for (Operation &op : block) {
    std::optional<ParkReason> reason = visitOperation(op, context);
    if (!first)
      first = reason;
  }
  return first;
}

std::optional<ParkReason> Parking::visitOperation(Operation &op, unsigned context) {
  if (auto region = dyn_cast<ConstrainedOp>(op)) {
    // Without a context of its own, nothing inside asks for it.
    unsigned inside = contexts.inside(context, region.getHolds()).value_or(context);
    return visitTaker(region, region.getHolds(), context, visit(region.getBody().front(), inside));
  }
  if (auto dispatch = dyn_cast<DispatchOp>(op)) {
    std::optional<ParkReason> first = askPredicates(dispatch);
    for (Region &body : dispatch.getCases())
      if (std::optional<ParkReason> reason = visit(body.front(), context); !first)
        first = reason;
    return first;
  }
  auto call = dyn_cast<CallOp>(op);
  if (!call)
    return std::nullopt;
  if (std::optional<unsigned> flow = contexts.flowGraph().find(call.getCallee()))
    return visitCall(*flow, context);
  Operation *node = symbols.lookup(call.getCallee());
  return mayPark(node) ? std::optional(ParkReason{call, node, {}}) : std::nullopt;
}

/// Callees have been visited, in this context or in one that it was merged into, which is the flow's last.
std::optional<ParkReason> Parking::visitCall(unsigned flow, unsigned context) const {
  auto known = flows.find({flow, context});
  return known != flows.end() ? known->second : flows.at({flow, contexts.entriesOf(flow).back()});
}

std::optional<ParkReason> Parking::askPredicates(DispatchOp dispatch) const {
  for (ArrayAttr pattern : dispatch.getPatterns().getAsRange<ArrayAttr>())
    for (Attribute element : pattern)
      if (auto name = dyn_cast<FlatSymbolRefAttr>(element))
        if (Operation *predicate = symbols.lookup(name.getValue()); mayPark(predicate))
          return ParkReason{dispatch, predicate, {}};
  return std::nullopt;
}

/// A handler runs when everything else has been released.
void Parking::visitHandler(HandlerOp handler) {
  std::optional<ParkReason> inside;
  if (mayPark(handler))
    inside = ParkReason{handler, handler, {}};
  visitTaker(handler, handler.getHolds(), contexts.nothingHeld(), inside);
}

/// `taker` takes its locks in the order of their ranks; waiting for one, it holds those before. Returns why it may park
/// while it holds what is around it.
std::optional<ParkReason> Parking::visitTaker(Operation *taker, ArrayAttr holds, unsigned context,
                                              std::optional<ParkReason> reason) {
  SmallVector<HeldLock> locks = llvm::map_to_vector(
      holds.getAsRange<HoldAttr>(), [&](HoldAttr hold) { return HeldLock{contexts.indexOf(hold), hold.getMode()}; });
  llvm::sort(locks, [&](HeldLock a, HeldLock b) { return rankOf(a) > rankOf(b); });
  for (HeldLock lock : locks) {
    if (reason)
      note(taker, lock, *reason);
    if (!reason && mayWait(taker, lock, contexts.context(context).must.modeOf(lock.lock)))
      reason = ParkReason{taker, nullptr, lock.lock};
  }
  return reason;
}

int32_t Parking::rankOf(HeldLock lock) const { return LockOp(contexts.locks()[lock.lock]).getRank().value_or(0); }

/// Whether `taker`, in a flow that holds `lock` in the mode `around` if at all, may have to wait for it: because a flow
/// that has parked, or one of another loop, may hold it in a mode that conflicts, or because a writer waits for it.
bool Parking::mayWait(Operation *taker, HeldLock lock, std::optional<LockMode> around) const {
  if (!staysOnLoop(lock.lock))
    return !around && !isGone[lock.lock];
  // Where only readers park, those are left that do so themselves, if only in some other context. They wait behind a
  // writer that waits for a reader, and the reader around them may be one that does without the lock.
  if (lock.mode == LockMode::Read && around != LockMode::Write && reasons.contains({taker, lock.lock}))
    return true;
  const Parked &others = parked[lock.lock];
  return !around && (others.writer || (others.reader && lock.mode == LockMode::Write));
}

void Parking::note(Operation *taker, HeldLock lock, const ParkReason &reason) {
  if (isGone[lock.lock])
    return;
  if (!reasons.try_emplace({taker, lock.lock}, reason).second)
    return;
  changed = true;
  std::optional<ParkReason> &first = lock.mode == LockMode::Write ? parked[lock.lock].writer : parked[lock.lock].reader;
  if (!first)
    first = reason;
}
