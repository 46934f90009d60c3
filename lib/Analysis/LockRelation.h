//===- LockRelation.h - Which locks are held while which are acquired ----------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_ANALYSIS_LOCKRELATION_H
#define FLUX_LIB_ANALYSIS_LOCKRELATION_H

#include "Digraph.h"
#include "flux/Analysis/LockContexts.h"
#include "llvm/ADT/STLExtras.h"

namespace flux {

/// Which locks a flow may acquire while it may hold which others, as far as both are ever written: a graph whose
/// vertices are the locks and, behind them, the contexts. A lock leads to the contexts in which it is held, a context
/// to those that are inside of it and to what is acquired in it. So a way from lock to lock without another lock in
/// between means that the second is acquired while the first is held, and the graph is no larger than the program,
/// where the pairs of locks may be as many as the square. Nothing is said of the locks that one region takes together.
class LockRelation {
public:
  explicit LockRelation(const LockContexts &contexts)
      : numLocks(contexts.locks().size()), graph(numLocks + contexts.numContexts()) {
    for (unsigned context = 0; context != contexts.numContexts(); ++context) {
      const ContextOrigin &origin = contexts.originOf(context);
      for (unsigned outer : origin.outer)
        graph.addEdge(numLocks + outer, numLocks + context);
      for (HeldLock held : origin.added)
        if (contexts.isWritten(held.lock))
          graph.addEdge(held.lock, numLocks + context);
    }
    for (const Acquisition &acquisition : contexts.acquisitions())
      for (HeldLock lock : acquisition.taken)
        if (contexts.isWritten(lock.lock))
          graph.addEdge(numLocks + acquisition.context, lock.lock);
  }

  bool isLock(unsigned vertex) const { return vertex < numLocks; }
  size_t size() const { return graph.size(); }
  /// Where `vertex` leads in one step.
  auto next(unsigned vertex) const {
    return llvm::map_range(graph.vertices[vertex].next, [](const Digraph::Vertex *other) { return other->index; });
  }
  void add(unsigned held, unsigned lock) { graph.addEdge(held, lock); }

  /// The strongly connected components of all vertices, those that others lead to first.
  std::vector<llvm::SmallVector<unsigned>> vertexComponents() const { return stronglyConnectedComponents(graph); }

  /// The same, the locks alone.
  std::vector<llvm::SmallVector<unsigned>> components() const {
    std::vector<llvm::SmallVector<unsigned>> result = vertexComponents();
    for (llvm::SmallVector<unsigned> &component : result)
      llvm::erase_if(component, [&](unsigned vertex) { return !isLock(vertex); });
    llvm::erase_if(result, [](const auto &component) { return component.empty(); });
    return result;
  }

private:
  unsigned numLocks;
  Digraph graph;
};

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_LOCKRELATION_H
