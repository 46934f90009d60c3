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

/// Sums of these are told apart as well as random numbers.
static size_t hashOf(HeldLock held) { return llvm::hash_value(uint64_t(held.lock) << 1 | uint64_t(held.mode)); }

void HeldLocks::set(HeldLock held) {
  if (std::optional<LockMode> before = modeOf(held.lock)) {
    if (*before == held.mode)
      return;
    sum -= hashOf(HeldLock{held.lock, *before});
  }
  sum += hashOf(held);
  locks = locks.add(held.lock, unsigned(held.mode));
}

void HeldLocks::erase(unsigned lock) {
  sum -= hashOf(HeldLock{lock, *modeOf(lock)});
  locks = locks.remove(lock);
}

std::optional<LockMode> flux::modeOf(const HeldLocks &set, unsigned lock) { return set.modeOf(lock); }

void flux::strengthen(HeldLocks &set, HeldLock held) {
  set.set({held.lock, std::max(held.mode, set.modeOf(held.lock).value_or(held.mode))});
}

//===-------------------------------------------------------------------------------------------------------------===//
// Contexts
//===-------------------------------------------------------------------------------------------------------------===//

unsigned LockContexts::intern(LockContext context, ContextOrigin origin) {
  size_t hash = llvm::hash_combine(context.may.hash(), context.must.hash());
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
    bool isRead = context.reading.contains(held.lock);
    if (held.mode == LockMode::Write && isRead)
      context.reading = context.reading.remove(held.lock);
    else if (held.mode == LockMode::Read && !isRead && !context.must.modeOf(held.lock))
      context.reading = context.reading.add(held.lock);
    strengthen(context.may, held);
    if (isMerged)
      strengthen(context.must, held);
  }
  if (!isMerged)
    context.must = context.may;
  return known->second = intern(std::move(context), {{outer}, step.holds});
}

/// Makes `wide` describe what holds in it or in `context`: at most all of both, at least what they share. What comes
/// from contexts that have been seen is there already.
void LockContexts::merge(Merged &wide, unsigned context) const {
  auto add = [&](HeldLock held) {
    LockMode &mode = wide.may.try_emplace(held.lock, held.mode).first->second;
    mode = std::max(mode, held.mode);
  };
  SmallVector<unsigned> pending;
  auto see = [&](unsigned id) {
    if (wide.seen.insert(id).second)
      pending.push_back(id);
  };
  see(context);
  // A step of each way by turns. When all that is held has been added, so has all that is pending.
  const HeldLocks &may = contexts[context].may;
  for (auto held = may.begin(); !pending.empty() && held != may.end(); ++held) {
    add(*held);
    const ContextOrigin &origin = origins[pending.pop_back_val()];
    llvm::for_each(origin.added, add);
    llvm::for_each(origin.outer, see);
  }
  for (unsigned lock : contexts[context].reading)
    wide.context.reading = wide.context.reading.add(lock);
  const HeldLocks &other = contexts[context].must, must = wide.context.must;
  for (HeldLock held : must) {
    std::optional<LockMode> mode = other.modeOf(held.lock);
    if (!mode)
      wide.context.must.erase(held.lock);
    else if (*mode < held.mode)
      wide.context.must.set({held.lock, *mode});
  }
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
    : graph(graph), lockOps(program.getOps<LockOp>()), written(lockOps.size()), entries(graph.flows().size()),
      merged(graph.flows().size()) {
  for (auto [index, lock] : llvm::enumerate(lockOps))
    lockIndices[lock.getSymNameAttr()] = index;
  HeldLocks none(setFactory);
  intern({none, none, llvm::ImmutableSetRef<unsigned>(nullptr, &readingFactory)}, {});
  for (unsigned flow : graph.entryPoints())
    enterFlow(flow, nothingHeld());
  for (unsigned flow : graph.topologicalOrder())
    visitFlow(flow);
  visitHandlers(program);
}

/// Walks a flow, whose callers have all been visited, in each of its contexts.
void LockContexts::visitFlow(unsigned flow) {
  if (merged[flow]) {
    for (auto [lock, mode] : merged[flow]->may)
      strengthen(merged[flow]->context.may, {lock, mode});
    unsigned context =
        intern(std::move(merged[flow]->context), {SmallVector<unsigned, 1>(merged[flow]->parts.getArrayRef()), {}});
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
  if (merged[flow]->parts.insert(context))
    merge(*merged[flow], context);
}

/// Notes what a region, or a handler, that takes `holds` in `context` may have to wait for.
void LockContexts::acquire(unsigned context, ArrayRef<HeldLock> holds, Operation *where) {
  const LockContext &outer = contexts[context];
  LockSet taken;
  for (HeldLock held : holds) {
    if (held.mode == LockMode::Write) {
      written[held.lock] = true;
      if (outer.reading.contains(held.lock) && upgradesKnown.insert({context, held.lock}).second)
        upgraded.push_back({held.lock, context, where});
    }
    if (!modeOf(outer.must, held.lock))
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
