//===- LockContexts.cpp - What a flow may hold wherever it acquires -----------------------------------------------===//

#include "flux/Analysis/LockContexts.h"
#include "flux/Analysis/ReachableHandlers.h"
#include "llvm/ADT/Hashing.h"

using namespace mlir;
using namespace flux;

/// How many contexts of one flow are kept apart.
static constexpr size_t maxContexts = 8;

static size_t hashOf(ArrayRef<HeldLock> set) {
  // FNV-1a, a word at a time.
  uint64_t hash = 0xcbf29ce484222325;
  for (HeldLock held : set)
    hash = (hash ^ (uint64_t(held.lock) << 1 | uint64_t(held.mode))) * 0x100000001b3;
  return hash;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Contexts
//===-------------------------------------------------------------------------------------------------------------===//

unsigned LockContexts::intern(LockContext context, ContextOrigin origin) {
  size_t hash = llvm::hash_combine(context.may, context.must, context.reading);
  auto isSame = [&](unsigned id) { return contexts[id] == context; };
  if (std::optional<unsigned> known = contextIds.find(hash, isSame))
    return *known;
  contextIds.add(hash);
  contexts.push_back(std::move(context));
  origins.push_back(std::move(origin));
  return contexts.size() - 1;
}

/// The context inside the region of `step`.
unsigned LockContexts::enterRegion(unsigned outer, const Step &step) {
  auto [known, isNew] = insides.try_emplace({outer, ConstrainedOp(step.region).getHolds()});
  if (!isNew)
    return known->second;
  LockContext context = contexts[outer];
  bool isMerged = !(context.may == context.must);
  for (HeldLock held : step.holds) {
    if (held.mode == LockMode::Write)
      context.reading.erase(held.lock);
    else if (!context.must.contains(held.lock))
      context.reading.strengthen(held);
    context.may.strengthen(held);
    if (isMerged)
      context.must.strengthen(held);
  }
  if (!isMerged)
    context.must = context.may;
  return known->second = intern(std::move(context), {{outer}, step.holds});
}

std::optional<unsigned> LockContexts::inside(unsigned outer, ArrayAttr holds) const {
  auto found = insides.find({outer, holds});
  return found == insides.end() ? std::nullopt : std::optional(found->second);
}

LockSet LockContexts::lockSetOf(ArrayAttr holds) const {
  LockSet result;
  for (HoldAttr hold : holds.getAsRange<HoldAttr>())
    strengthen(result, {indexOf(hold), hold.getMode()});
  return result;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The walk
//===-------------------------------------------------------------------------------------------------------------===//

LockContexts::LockContexts(ModuleOp program, const FlowGraph &graph)
    : graph(graph), lockOps(program.getOps<LockOp>()), pool(lockOps.size()), written(pool),
      entries(graph.flows().size()), merged(graph.flows().size()) {
  for (auto [index, lock] : llvm::enumerate(lockOps))
    lockIndices[lock.getSymNameAttr()] = index;
  HeldLocks none(pool);
  intern({none, none, none}, {});
  for (unsigned flow : graph.entryPoints())
    enterFlow(flow, nothingHeld());
  for (unsigned flow : graph.topologicalOrder())
    visitFlow(flow);
  visitHandlers(program);
}

/// Walks a flow, whose callers have all been visited, in each of its contexts.
void LockContexts::visitFlow(unsigned flow) {
  if (merged[flow]) {
    unsigned context = intern(merged[flow]->context, {SmallVector<unsigned, 1>(merged[flow]->parts.getArrayRef()), {}});
    merged[flow].reset();
    llvm::erase(entries[flow], context);
    entries[flow].push_back(context);
  }
  std::vector<Step> steps;
  collectSteps(FlowOp(graph.flows()[flow]).getBody().front(), steps);
  for (unsigned context : entries[flow])
    walk(steps, 0, steps.size(), context);
}

/// A handler runs when everything has been released. Those that no error reaches take nothing.
void LockContexts::visitHandlers(ModuleOp program) {
  SmallVector<HandlerOp> handlers(program.getOps<HandlerOp>());
  if (llvm::all_of(handlers, [](HandlerOp handler) { return handler.getHolds().empty(); }))
    return;
  ReachableHandlers reachable(program, graph);
  for (auto [index, handler] : llvm::enumerate(handlers)) {
    if (reachable.contains(handler))
      acquire(nothingHeld(), lockSetOf(handler.getHolds()), handler);
    else
      idle.push_back(index);
  }
}

void LockContexts::collectSteps(Block &block, std::vector<Step> &steps) const {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (std::optional<unsigned> callee = graph.calleeOf(call))
        steps.push_back({callee, nullptr, {}, steps.size() + 1});
    } else if (auto region = dyn_cast<ConstrainedOp>(op)) {
      size_t step = steps.size();
      steps.push_back({std::nullopt, region, lockSetOf(region.getHolds()), 0});
      collectSteps(region.getBody().front(), steps);
      steps[step].end = steps.size();
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (Region &body : dispatch.getCases())
        collectSteps(body.front(), steps);
    }
  }
}

void LockContexts::walk(ArrayRef<Step> steps, size_t begin, size_t end, unsigned context) {
  for (size_t next = begin; next != end; next = steps[next].end) {
    const Step &step = steps[next];
    if (step.callee) {
      enterFlow(*step.callee, context);
      continue;
    }
    acquire(context, step.holds, step.region);
    // Most regions surround one node, and nobody asks what is held there.
    if (step.end != next + 1)
      walk(steps, next + 1, step.end, enterRegion(context, step));
  }
}

/// Adds a context that `flow` is entered in. Those beyond the bound become one, in which a flow holds at most what it
/// holds in any of them, and at least what it holds in all.
void LockContexts::enterFlow(unsigned flow, unsigned context) {
  SmallVector<unsigned, 2> &known = entries[flow];
  if (llvm::is_contained(known, context))
    return;
  if (!merged[flow] && known.size() < maxContexts) {
    known.push_back(context);
    return;
  }
  if (!merged[flow]) {
    unsigned last = known.pop_back_val();
    merged[flow] = std::make_unique<Merged>(contexts[last], last);
  }
  if (!merged[flow]->parts.insert(context))
    return;
  LockContext &wide = merged[flow]->context;
  wide.may |= contexts[context].may;
  wide.must &= contexts[context].must;
  wide.reading |= contexts[context].reading;
}

/// Notes what a region, or a handler, that takes `holds` in `context` may have to wait for.
void LockContexts::acquire(unsigned context, ArrayRef<HeldLock> holds, Operation *where) {
  const LockContext &outer = contexts[context];
  LockSet taken;
  for (HeldLock held : holds) {
    if (held.mode == LockMode::Write) {
      written.strengthen(held);
      if (outer.reading.contains(held.lock) && upgradesKnown.insert({context, held.lock}).second)
        upgraded.push_back({held.lock, context, where});
    }
    if (!outer.must.contains(held.lock))
      taken.push_back(held);
  }
  if (!taken.empty())
    record(context, std::move(taken), where);
}

void LockContexts::record(unsigned context, LockSet taken, Operation *where) {
  size_t hash = llvm::hash_combine(context, hashOf(taken));
  auto isSame = [&](unsigned other) { return acquired[other].context == context && acquired[other].taken == taken; };
  if (acquisitionIds.find(hash, isSame))
    return;
  acquisitionIds.add(hash);
  acquired.push_back({context, std::move(taken), where});
}

//===-------------------------------------------------------------------------------------------------------------===//
// Places, for messages
//===-------------------------------------------------------------------------------------------------------------===//

ConstrainedOp LockContexts::whereTaken(Operation *place, unsigned lock) const {
  llvm::DenseMap<Operation *, SmallVector<Operation *>> callers;
  for (unsigned flow = 0; flow != graph.flows().size(); ++flow)
    for (const FlowGraph::Edge &edge : graph.calls(flow))
      callers[graph.flows()[edge.callee]].push_back(edge.call);

  // Breadth first: the nearest flow that takes it.
  SmallVector<Operation *> places = {place};
  llvm::SmallPtrSet<Operation *, 8> seen;
  for (size_t next = 0; next != places.size(); ++next) {
    ConstrainedOp outermost;
    for (auto region = places[next]->getParentOfType<ConstrainedOp>(); region;
         region = region->getParentOfType<ConstrainedOp>())
      if (takes(region.getHolds(), lock))
        outermost = region;
    if (outermost)
      return outermost;
    Operation *flow = places[next]->getParentOfType<FlowOp>();
    if (flow && seen.insert(flow).second)
      llvm::append_range(places, callers.lookup(flow));
  }
  return nullptr;
}

bool LockContexts::takes(ArrayAttr holds, unsigned lock) const {
  return llvm::any_of(holds.getAsRange<HoldAttr>(), [&](HoldAttr hold) { return indexOf(hold) == lock; });
}
