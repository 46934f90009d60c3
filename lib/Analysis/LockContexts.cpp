//===- LockContexts.cpp - What a flow may hold wherever it acquires -----------------------------------------------===//

#include "flux/Analysis/LockContexts.h"
#include "flux/Analysis/ReachableHandlers.h"
#include "llvm/ADT/Hashing.h"

using namespace mlir;
using namespace flux;

/// How many contexts of one flow are kept apart.
static constexpr size_t maxContexts = 8;

//===-------------------------------------------------------------------------------------------------------------===//
// Sets of locks
//===-------------------------------------------------------------------------------------------------------------===//

static auto position(ArrayRef<HeldLock> set, unsigned lock) {
  return llvm::lower_bound(set, lock, [](const HeldLock &held, unsigned lock) { return held.lock < lock; });
}

std::optional<LockMode> flux::modeOf(ArrayRef<HeldLock> set, unsigned lock) {
  auto found = position(set, lock);
  return found != set.end() && found->lock == lock ? std::optional(found->mode) : std::nullopt;
}

void flux::strengthen(LockSet &set, HeldLock held) {
  auto found = set.begin() + (position(set, held.lock) - set.begin());
  if (found == set.end() || found->lock != held.lock)
    set.insert(found, held);
  else
    found->mode = std::max(found->mode, held.mode);
}

static size_t hashOf(ArrayRef<HeldLock> set) {
  // FNV-1a, a word at a time.
  uint64_t hash = 0xcbf29ce484222325;
  for (HeldLock held : set)
    hash = (hash ^ (uint64_t(held.lock) << 1 | uint64_t(held.mode))) * 0x100000001b3;
  return hash;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The walk
//===-------------------------------------------------------------------------------------------------------------===//

LockContexts::LockContexts(ModuleOp program, const FlowGraph &graph)
    : graph(graph), lockOps(program.getOps<LockOp>()), written(lockOps.size()), entries(graph.flows().size()) {
  for (auto [index, lock] : llvm::enumerate(lockOps))
    lockIndices[lock.getSymNameAttr()] = index;
  intern({});

  for (unsigned flow : graph.entryPoints())
    enterFlow(flow, nothingHeld());
  for (unsigned flow : graph.topologicalOrder())
    for (unsigned context : entries[flow])
      walk(FlowOp(graph.flows()[flow]).getBody().front(), context);
  walkHandlers(program);
}

/// A handler runs when everything has been released. Those that no error reaches take nothing.
void LockContexts::walkHandlers(ModuleOp program) {
  SmallVector<HandlerOp> handlers(program.getOps<HandlerOp>());
  if (llvm::all_of(handlers, [](HandlerOp handler) { return handler.getHolds().empty(); }))
    return;
  ReachableHandlers reachable(program, graph);
  for (auto [index, handler] : llvm::enumerate(handlers)) {
    if (reachable.contains(handler))
      enter(nothingHeld(), handler.getHolds(), handler);
    else
      idle.push_back(index);
  }
}

void LockContexts::walk(Block &block, unsigned context) {
  for (Operation &op : block) {
    if (auto call = dyn_cast<CallOp>(op)) {
      if (std::optional<unsigned> callee = graph.find(call.getCallee()))
        enterFlow(*callee, context);
    } else if (auto constrained = dyn_cast<ConstrainedOp>(op)) {
      walk(constrained.getBody().front(), enter(context, constrained.getHolds(), constrained));
    } else if (auto dispatch = dyn_cast<DispatchOp>(op)) {
      for (Region &body : dispatch.getCases())
        walk(body.front(), context);
    }
  }
}

void LockContexts::enterFlow(unsigned flow, unsigned context) {
  SmallVector<unsigned, 2> &known = entries[flow];
  if (llvm::is_contained(known, context))
    return;
  if (known.size() < maxContexts)
    known.push_back(context);
  else
    known.back() = merge(known.back(), context);
}

unsigned LockContexts::enter(unsigned outer, ArrayAttr holds, Operation *where) {
  auto [memo, isNew] = entered.try_emplace({outer, holds}, nothingHeld());
  if (!isNew)
    return memo->second;
  LockContext inner = contexts[outer];
  LockSet taken;
  for (HoldAttr hold : holds.getAsRange<HoldAttr>()) {
    HeldLock held = {indexOf(hold), hold.getMode()};
    bool writes = held.mode == LockMode::Write;
    auto *reading = llvm::find(inner.reading, held.lock);
    if (writes)
      written[held.lock] = true;
    if (writes && reading != inner.reading.end()) {
      upgraded.push_back({held.lock, outer, where});
      inner.reading.erase(reading);
    }
    if (!modeOf(inner.must, held.lock)) {
      strengthen(taken, held);
      if (!writes && reading == inner.reading.end())
        inner.reading.insert(llvm::lower_bound(inner.reading, held.lock), held.lock);
    }
    strengthen(inner.may, held);
    strengthen(inner.must, held);
  }
  if (!taken.empty())
    record(outer, std::move(taken), where);
  return entered[{outer, holds}] = intern(std::move(inner));
}

void LockContexts::record(unsigned context, LockSet taken, Operation *where) {
  size_t hash = llvm::hash_combine(context, hashOf(taken));
  auto isSame = [&](unsigned other) { return acquired[other].context == context && acquired[other].taken == taken; };
  if (acquisitionIds.find(hash, isSame))
    return;
  acquisitionIds.add(hash);
  acquired.push_back({context, std::move(taken), where});
}

unsigned LockContexts::intern(LockContext context) {
  size_t hash = llvm::hash_combine(hashOf(context.may), hashOf(context.must));
  if (std::optional<unsigned> known = contextIds.find(hash, [&](unsigned id) { return contexts[id] == context; }))
    return *known;
  contextIds.add(hash);
  contexts.push_back(std::move(context));
  return contexts.size() - 1;
}

/// What holds in one or the other: at most all of both, at least what they share.
unsigned LockContexts::merge(unsigned first, unsigned second) {
  LockContext merged;
  merged.may = contexts[first].may;
  for (HeldLock held : contexts[second].may)
    strengthen(merged.may, held);
  std::set_union(contexts[first].reading.begin(), contexts[first].reading.end(), contexts[second].reading.begin(),
                 contexts[second].reading.end(), std::back_inserter(merged.reading));
  for (HeldLock held : contexts[first].must)
    if (std::optional<LockMode> other = modeOf(contexts[second].must, held.lock))
      merged.must.push_back({held.lock, std::min(held.mode, *other)});
  return intern(std::move(merged));
}

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
