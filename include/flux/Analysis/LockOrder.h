//===- LockOrder.h - An order of the locks in which most programs acquire them anyway -----------------*- C++ -*-===//

#ifndef FLUX_ANALYSIS_LOCKORDER_H
#define FLUX_ANALYSIS_LOCKORDER_H

#include "flux/Analysis/Nesting.h"

namespace flux {

class LockRelation;

/// The relation "held while acquiring" between locks that are ever written. It says nothing of the locks that one
/// region takes together: their order is free, and is what the order below decides.
class LockGraph {
public:
  explicit LockGraph(const LockContexts &contexts);

  /// The strongly connected component of the relation that a lock is in. No order suits every region where two locks
  /// are in one.
  unsigned componentOf(unsigned lock) const { return sccOf[lock]; }

  /// The regions that hold a lock while another on a cycle with it is acquired. Empty where there is no cycle.
  llvm::ArrayRef<Nesting> cyclicNestings() const { return nestings; }

  /// All locks in an order that agrees with every edge between components, ties by name, and inside a component goes
  /// against as few regions as possible (exactly for up to 12 locks, by the heuristic of Eades, Lin and Smyth, "A fast
  /// and effective heuristic for the feedback arc set problem", 1993, above).
  llvm::SmallVector<unsigned> order() const;

private:
  void collectEdges(const LockRelation &relation);
  void findCyclicNestings();
  void orderComponent(llvm::SmallVector<unsigned> &component) const;

  const LockContexts &contexts;
  std::vector<std::pair<unsigned, unsigned>> edges; ///< between different components
  std::vector<Nesting> nestings;
  std::vector<llvm::SmallVector<unsigned>> sccs; ///< their locks only; some have none
  std::vector<unsigned> sccOf;                   ///< by vertex of the relation
};

/// The order in which regions take their locks: that of the ranks or, where no lock has one, that of LockGraph. Reports
/// ranks that only some locks have, or that two share.
mlir::FailureOr<llvm::SmallVector<unsigned>> findLockOrder(const LockContexts &contexts);

} // namespace flux

#endif // FLUX_ANALYSIS_LOCKORDER_H
