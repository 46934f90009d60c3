//===- LockOrder.cpp - An order of the locks in which most programs acquire them anyway ---------------------------===//

#include "flux/Analysis/LockOrder.h"
#include "LockRelation.h"
#include <queue>
#include <set>

using namespace mlir;
using namespace flux;

/// Components up to this size are ordered exactly, in 2^n * n^2 steps.
static constexpr size_t maxExact = 12;

LockGraph::LockGraph(const LockContexts &contexts) : contexts(contexts) {
  LockRelation relation(contexts);
  sccs = relation.vertexComponents();
  sccOf.resize(relation.size());
  for (auto [index, component] : llvm::enumerate(sccs))
    for (unsigned vertex : component)
      sccOf[vertex] = index;
  collectEdges(relation);
  for (SmallVector<unsigned> &component : sccs)
    llvm::erase_if(component, [&](unsigned vertex) { return !relation.isLock(vertex); });
  if (llvm::any_of(sccs, [](const SmallVector<unsigned> &component) { return component.size() > 1; }))
    findCyclicNestings();
}

void LockGraph::findCyclicNestings() {
  std::vector<HeldLocks> locksOf(sccs.size(), contexts.noLocks());
  for (auto [component, locks] : llvm::zip_equal(sccs, locksOf))
    if (component.size() > 1)
      for (unsigned lock : component)
        locks.strengthen({lock, LockMode::Write});
  nestings = findNestings(contexts, [&](unsigned acquired) { return locksOf[sccOf[acquired]]; });
}

/// Keeps the edges between components.
void LockGraph::collectEdges(const LockRelation &relation) {
  for (unsigned vertex = 0; vertex != relation.size(); ++vertex)
    for (unsigned next : relation.next(vertex))
      if (sccOf[vertex] != sccOf[next])
        edges.push_back({sccOf[vertex], sccOf[next]});
}

SmallVector<unsigned> LockGraph::order() const {
  std::vector<SmallVector<unsigned>> components = sccs;
  for (SmallVector<unsigned> &component : components)
    orderComponent(component);

  // Kahn's algorithm over the components; of those that are ready, the one with the smallest first name goes next.
  // Those without locks have none, so they hold up nobody.
  std::vector<SmallVector<unsigned>> next(components.size());
  std::vector<unsigned> waiting(components.size());
  for (auto [before, after] : edges) {
    next[before].push_back(after);
    ++waiting[after];
  }
  std::vector<StringRef> names(components.size());
  for (auto [name, component] : llvm::zip_equal(names, components))
    if (!component.empty())
      name = *llvm::min_element(llvm::map_range(component, [&](unsigned lock) { return contexts.name(lock); }));
  auto later = [&](unsigned a, unsigned b) { return names[a] > names[b]; };
  std::priority_queue<unsigned, std::vector<unsigned>, decltype(later)> ready(later);
  for (unsigned component = 0; component != components.size(); ++component)
    if (waiting[component] == 0)
      ready.push(component);
  SmallVector<unsigned> result;
  while (!ready.empty()) {
    unsigned component = ready.top();
    ready.pop();
    llvm::append_range(result, components[component]);
    for (unsigned after : next[component])
      if (--waiting[after] == 0)
        ready.push(after);
  }
  return result;
}

namespace {

/// The locks of one component with the number of regions for each pair.
class ComponentOrder {
public:
  ComponentOrder(SmallVector<unsigned> &locks, ArrayRef<Nesting> nestings) : locks(locks) {
    llvm::DenseMap<unsigned, unsigned> position;
    for (auto [index, lock] : llvm::enumerate(locks))
      position[lock] = index;
    for (const Nesting &nesting : nestings)
      if (position.contains(nesting.held))
        ++cost[{position.at(nesting.held), position.at(nesting.acquired.lock)}];
  }

  void exact();
  void heuristic();

private:
  void apply(ArrayRef<unsigned> order) {
    SmallVector<unsigned> sorted = llvm::map_to_vector(order, [&](unsigned index) { return locks[index]; });
    locks = sorted;
  }

  SmallVector<unsigned> &locks;
  /// For a and b: regions that hold a while acquiring b, to be changed if b comes before a.
  llvm::DenseMap<std::pair<unsigned, unsigned>, int64_t> cost;
};

} // namespace

/// best[S] is the least cost of ordering the set S, last[S] the lock that then comes last in it.
void ComponentOrder::exact() {
  size_t size = locks.size(), all = size_t(1) << size;
  std::vector<int64_t> best(all, std::numeric_limits<int64_t>::max());
  std::vector<unsigned> last(all);
  best[0] = 0;
  for (size_t set = 1; set != all; ++set)
    for (unsigned lock = 0; lock != size; ++lock) {
      if (!(set >> lock & 1))
        continue;
      size_t before = set & ~(size_t(1) << lock);
      int64_t total = best[before];
      for (unsigned other = 0; other != size; ++other)
        if (before >> other & 1)
          total += cost.lookup({lock, other});
      // On a tie the lock with the greatest name comes last, so that equal programs are ordered by name.
      if (total <= best[set]) {
        best[set] = total;
        last[set] = lock;
      }
    }
  SmallVector<unsigned> order;
  for (size_t set = all - 1; set != 0; set &= ~(size_t(1) << last[set]))
    order.push_back(last[set]);
  std::reverse(order.begin(), order.end());
  apply(order);
}

/// Takes, again and again, the lock that the most regions take before others and the fewest after.
void ComponentOrder::heuristic() {
  std::vector<int64_t> surplus(locks.size());
  std::vector<SmallVector<std::pair<unsigned, int64_t>>> changes(locks.size()); ///< to others, once a lock is taken
  for (auto [pair, regions] : cost) {
    auto [before, after] = pair;
    surplus[before] += regions;
    surplus[after] -= regions;
    changes[before].push_back({after, regions});
    changes[after].push_back({before, -regions});
  }
  std::set<std::pair<int64_t, unsigned>> left; // by falling surplus
  for (unsigned lock = 0; lock != locks.size(); ++lock)
    left.insert({-surplus[lock], lock});
  SmallVector<unsigned> order;
  while (!left.empty()) {
    unsigned best = left.begin()->second;
    left.erase(left.begin());
    order.push_back(best);
    for (auto [other, change] : changes[best])
      if (left.erase({-surplus[other], other})) {
        surplus[other] += change;
        left.insert({-surplus[other], other});
      }
  }
  apply(order);
}

void LockGraph::orderComponent(SmallVector<unsigned> &component) const {
  llvm::sort(component, [&](unsigned a, unsigned b) { return contexts.name(a) < contexts.name(b); });
  if (component.size() <= 1)
    return;
  ComponentOrder ordering(component, nestings);
  if (component.size() <= maxExact)
    ordering.exact();
  else
    ordering.heuristic();
}

FailureOr<SmallVector<unsigned>> flux::findLockOrder(const LockContexts &contexts) {
  ArrayRef<LockOp> locks = contexts.locks();
  auto hasRank = [](LockOp lock) { return lock.getRank().has_value(); };
  if (llvm::none_of(locks, hasRank))
    return LockGraph(contexts).order();
  SmallVector<unsigned> order = llvm::to_vector(llvm::seq<unsigned>(0, locks.size()));
  for (LockOp lock : locks)
    if (!hasRank(lock))
      return lock.emitOpError() << "has no rank, but others have";
  llvm::sort(order, [&](unsigned a, unsigned b) { return *LockOp(locks[a]).getRank() < *LockOp(locks[b]).getRank(); });
  for (auto [before, after] : llvm::zip(ArrayRef(order).drop_back(!order.empty()), ArrayRef(order).drop_front()))
    if (LockOp(locks[before]).getRank() == LockOp(locks[after]).getRank())
      return LockOp(locks[after]).emitOpError() << "has the rank of '" << contexts.name(before) << "'";
  return order;
}
