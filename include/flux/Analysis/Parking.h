//===- Parking.h - Where a flow may give way to others while it holds a lock --------------------------*- C++ -*-===//
//
// For models that run flows on event loops. There a flow runs until it parks: in a call that blocks, or because a lock
// is held by a flow that has parked. A lock whose flows all run on one loop, and that none of them ever holds while it
// is parked, is never found held. Any other may be found held by a flow of another loop.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_PARKING_H
#define FLUX_ANALYSIS_PARKING_H

#include "flux/Analysis/LockContexts.h"

namespace flux {

/// Why a flow may park at some place.
struct ParkReason {
  mlir::Operation *where;       ///< the call, dispatch, region or handler that may park
  mlir::Operation *function;    ///< the node, predicate or handler that it calls there; null where a lock is awaited
  std::optional<unsigned> lock; ///< that lock
};

/// Whether a flow may park where it calls this node, predicate or handler. It may where the model runs the node; else
/// where the function may block: what was inferred of it, else what is declared, else yes.
bool mayPark(mlir::Operation *function);

/// Which regions and handlers may park while they hold their locks.
class Parking {
public:
  /// Of the locks for which `isGone`, no region takes any, whatever the program says. Every lock has a rank. If there
  /// are `severalLoops`, the flows of a session run on one of them.
  Parking(const LockContexts &contexts, const std::vector<bool> &isGone, mlir::ModuleOp program, bool severalLoops);

  /// Whether all flows that take `lock`, that of one session, run on one loop.
  bool staysOnLoop(unsigned lock) const;

  /// Whether the region or handler `taker` needs `lock`, one of its own that stays on a loop, in the mode in which it
  /// takes it: somebody may have parked with it in a conflicting mode, or may come along in one while this one has
  /// parked. Then why the one that parks does so, which is this one if it does.
  std::optional<ParkReason> whyNeeded(mlir::Operation *taker, HeldLock lock) const;

private:
  using Reasons = llvm::DenseMap<std::pair<mlir::Operation *, unsigned>, ParkReason>;
  /// Of one lock: the first reader and the first writer that may park with it.
  struct Parked {
    std::optional<ParkReason> reader, writer;
  };

  bool visitProgram();
  std::optional<ParkReason> visit(mlir::Block &block, unsigned context);
  std::optional<ParkReason> visitOperation(mlir::Operation &op, unsigned context);
  std::optional<ParkReason> visitCall(unsigned flow, unsigned context) const;
  void visitHandler(HandlerOp handler);
  std::optional<ParkReason> visitTaker(mlir::Operation *taker, mlir::ArrayAttr holds, unsigned context,
                                       std::optional<ParkReason> reason);
  std::optional<ParkReason> askPredicates(DispatchOp dispatch) const;
  int32_t rankOf(HeldLock lock) const;
  bool mayWait(mlir::Operation *taker, HeldLock lock, std::optional<LockMode> around) const;
  void note(mlir::Operation *taker, HeldLock lock, const ParkReason &reason);

  const LockContexts &contexts;
  const std::vector<bool> &isGone;
  mlir::ModuleOp program;
  bool severalLoops;
  mlir::SymbolTable symbols;
  std::vector<Parked> parked;
  Reasons reasons;
  bool changed = false;
  /// What a flow does when it is entered in a context, in the present round.
  llvm::DenseMap<std::pair<unsigned, unsigned>, std::optional<ParkReason>> flows;
};

} // namespace flux

#endif // FLUX_ANALYSIS_PARKING_H
