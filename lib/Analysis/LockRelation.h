//===- LockRelation.h - Which locks are held while which are acquired ----------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_ANALYSIS_LOCKRELATION_H
#define FLUX_LIB_ANALYSIS_LOCKRELATION_H

#include "Digraph.h"
#include "flux/Analysis/LockContexts.h"
#include "llvm/ADT/SparseBitVector.h"

namespace flux {

/// For each lock, those that a flow may acquire while it may hold it, as far as both are ever written. Nothing is said
/// of the locks that one region takes together.
class LockRelation {
public:
  explicit LockRelation(const LockContexts &contexts) : acquired(contexts.locks().size()) {
    llvm::ArrayRef<Acquisition> all = contexts.acquisitions();
    // The acquisitions of one context mostly stand together.
    for (size_t next = 0; next != all.size();) {
      unsigned context = all[next].context;
      llvm::SparseBitVector<> taken;
      for (; next != all.size() && all[next].context == context; ++next)
        for (HeldLock lock : all[next].taken)
          if (contexts.isWritten(lock.lock))
            taken.set(lock.lock);
      for (HeldLock held : contexts.context(context).may)
        if (contexts.isWritten(held.lock))
          acquired[held.lock] |= taken;
    }
    for (unsigned lock = 0; lock != acquired.size(); ++lock)
      acquired[lock].reset(lock);
  }

  size_t size() const { return acquired.size(); }
  const llvm::SparseBitVector<> &acquiredWhileHolding(unsigned lock) const { return acquired[lock]; }
  void add(unsigned held, unsigned lock) { acquired[held].set(lock); }

  std::vector<llvm::SmallVector<unsigned>> components() const {
    Digraph graph(size());
    for (unsigned held = 0; held != size(); ++held)
      for (unsigned lock : acquired[held])
        graph.addEdge(held, lock);
    return stronglyConnectedComponents(graph);
  }

private:
  std::vector<llvm::SparseBitVector<>> acquired;
};

} // namespace flux

#endif // FLUX_LIB_ANALYSIS_LOCKRELATION_H
