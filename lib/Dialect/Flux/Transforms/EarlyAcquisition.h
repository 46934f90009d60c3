//===- EarlyAcquisition.h - Which regions take locks early ---------------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DIALECT_FLUX_TRANSFORMS_EARLYACQUISITION_H
#define FLUX_LIB_DIALECT_FLUX_TRANSFORMS_EARLYACQUISITION_H

#include "flux/Analysis/Deadlock.h"

namespace flux {

/// A lock that a region takes although it is only needed further inside.
struct Hoist {
  ConstrainedOp region;
  HoldAttr hold;
  mlir::StringAttr with;  ///< the lock of the region that others hold while they need ours
  mlir::Operation *inner; ///< where it is needed
};

/// Makes the regions of a program take locks early until the proof accepts it.
///
/// First each region that goes against the order of LockOrder.h among the locks of an obstacle's component takes the
/// lock; that may be more than necessary, as one early acquisition can make up for others inside, and another order may
/// need none. Then, if the program is small enough for that, all smaller choices are tried, the smallest first.
class EarlyAcquisition {
public:
  EarlyAcquisition(mlir::ModuleOp program, const FlowGraph &graph) : program(program), graph(graph) {}

  /// Changes the program. Returns what it added, in program order of the discoveries.
  llvm::ArrayRef<Hoist> run();

  /// After `run`, the order of locks with which the proof accepts the program.
  llvm::ArrayRef<unsigned> lockOrder() const { return order; }

private:
  bool hoistAgainstOrder();
  void improve();
  bool tryChoices(llvm::ArrayRef<Hoist> candidates, size_t count);
  bool isFree();
  bool findFreeOrder(const LockContexts &contexts);
  llvm::SmallVector<Hoist> findCandidates() const;
  void add(const Hoist &hoist);
  void takeBack(size_t kept);

  mlir::ModuleOp program;
  const FlowGraph &graph;
  llvm::SmallVector<unsigned> order;
  llvm::SmallVector<Hoist> hoists;
  llvm::SmallVector<mlir::ArrayAttr> before; ///< what the region of each hoist took
  size_t triesLeft = 0;
};

} // namespace flux

#endif // FLUX_LIB_DIALECT_FLUX_TRANSFORMS_EARLYACQUISITION_H
