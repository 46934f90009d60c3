//===- LockOrder.cpp - An order of the locks in which most programs acquire them anyway ---------------------------===//

#include "flux/Analysis/LockOrder.h"
#include "LockRelation.h"
#include <queue>

using namespace mlir;
using namespace flux;

/// Components up to this size are ordered exactly, in 2^n * n^2 steps.
static constexpr size_t maxExact = 12;

LockGraph::LockGraph(const LockContexts &contexts) : contexts(contexts), sccOf(contexts.locks().size()) {
  LockRelation relation(contexts);
  sccs = relation.components();
  for (auto [index, component] : llvm::enumerate(sccs))
    for (unsigned lock : component)
      sccOf[lock] = index;
  collectEdges(relation);
  if (sccs.size() != contexts.locks().size())
    nestings = findNestings(contexts, [&](unsigned held, unsigned acquired) { return sccOf[held] == sccOf[acquired]; });
}

/// Keeps the edges between components.
void LockGraph::collectEdges(const LockRelation &relation) {
  for (unsigned held = 0; held != relation.size(); ++held)
    for (unsigned acquired : relation.acquiredWhileHolding(held))
      if (sccOf[held] != sccOf[acquired])
        edges.push_back({sccOf[held], sccOf[acquired]});
}

SmallVector<unsigned> LockGraph::order() const {
  std::vector<SmallVector<unsigned>> components = sccs;
  for (SmallVector<unsigned> &component : components)
    orderComponent(component);

  // Kahn's algorithm over the components; of those that are ready, the one with the smallest first name goes next.
  std::vector<SmallVector<unsigned>> next(components.size());
  std::vector<unsigned> waiting(components.size());
  for (auto [before, after] : edges) {
    next[before].push_back(after);
    ++waiting[after];
  }
  std::vector<StringRef> names(components.size());
  for (auto [name, component] : llvm::zip_equal(names, components))
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
    cost.assign(locks.size(), std::vector<uint64_t>(locks.size()));
    for (const Nesting &nesting : nestings)
      if (position.contains(nesting.held))
        ++cost[position.at(nesting.held)][position.at(nesting.acquired.lock)];
  }

  void exact();
  void heuristic();

private:
  void apply(ArrayRef<unsigned> order) {
    SmallVector<unsigned> sorted = llvm::map_to_vector(order, [&](unsigned index) { return locks[index]; });
    locks = sorted;
  }

  SmallVector<unsigned> &locks;
  /// cost[a][b]: regions that hold a while acquiring b, to be changed if b comes before a.
  std::vector<std::vector<uint64_t>> cost;
};

} // namespace

/// best[S] is the least cost of ordering the set S, last[S] the lock that then comes last in it.
void ComponentOrder::exact() {
  size_t size = locks.size(), all = size_t(1) << size;
  std::vector<uint64_t> best(all, ~uint64_t(0));
  std::vector<unsigned> last(all);
  best[0] = 0;
  for (size_t set = 1; set != all; ++set)
    for (unsigned lock = 0; lock != size; ++lock) {
      if (!(set >> lock & 1))
        continue;
      size_t before = set & ~(size_t(1) << lock);
      uint64_t total = best[before];
      for (unsigned other = 0; other != size; ++other)
        if (before >> other & 1)
          total += cost[lock][other];
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
  size_t size = locks.size();
  std::vector<int64_t> surplus(size);
  for (unsigned a = 0; a != size; ++a)
    for (unsigned b = 0; b != size; ++b)
      surplus[a] += int64_t(cost[a][b]) - int64_t(cost[b][a]);
  std::vector<bool> placed(size);
  SmallVector<unsigned> order;
  while (order.size() != size) {
    unsigned best = size;
    for (unsigned lock = 0; lock != size; ++lock)
      if (!placed[lock] && (best == size || surplus[lock] > surplus[best]))
        best = lock;
    placed[best] = true;
    order.push_back(best);
    for (unsigned other = 0; other != size; ++other)
      surplus[other] += int64_t(cost[best][other]) - int64_t(cost[other][best]);
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
