//===- LockContexts.h - What a flow may hold wherever it acquires -------------------------------------*- C++ -*-===//
//
// An interprocedural walk over all flows, callers first. Every flow is visited once for each context that it may be
// entered in, where a context is the set of locks held. The number of contexts of a flow is bounded: where there are
// more, the last ones are merged, which keeps for a lock only that it may be held. That makes the walk polynomial,
// exact for programs below the bound, and on the safe side above it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_LOCKCONTEXTS_H
#define FLUX_ANALYSIS_LOCKCONTEXTS_H

#include "flux/Analysis/FlowGraph.h"
#include "flux/Analysis/HeldLocks.h"
#include "llvm/ADT/SetVector.h"

namespace flux {

/// What a flow holds at some place: at most `may`, at least `must`, and of `reading` possibly only for reading. `may`
/// and `must` differ only where contexts were merged.
struct LockContext {
  HeldLocks may, must, reading;

  bool operator==(const LockContext &other) const {
    return may == other.may && must == other.must && reading == other.reading;
  }
};

/// How a context came about, for walks over all contexts that should not go through all that each of them holds: it
/// may hold what the outer contexts may hold and `added`, and nothing else.
struct ContextOrigin {
  llvm::SmallVector<unsigned, 1> outer; ///< each before this one
  LockSet added;
};

/// A region, or a handler, that takes locks which the flow does not hold yet.
struct Acquisition {
  unsigned context;       ///< held before
  LockSet taken;          ///< the locks that may have to be waited for
  mlir::Operation *where; ///< the flux.constrained or flux.handler
};

/// A region that asks to write what is held for reading: the flow would wait for itself, or for its like.
struct Upgrade {
  unsigned lock;
  unsigned context;
  mlir::Operation *where;
};

/// The locks, contexts and acquisitions of a program whose flows are acyclic.
class LockContexts {
public:
  LockContexts(mlir::ModuleOp program, const FlowGraph &graph);

  const FlowGraph &flowGraph() const { return graph; }
  llvm::ArrayRef<LockOp> locks() const { return lockOps; }
  llvm::StringRef name(unsigned lock) const { return LockOp(lockOps[lock]).getSymName(); }
  unsigned indexOf(HoldAttr hold) const { return lockIndices.at(hold.getLock().getAttr()); }

  /// The context in which nothing is held.
  static constexpr unsigned nothingHeld() { return 0; }
  const LockContext &context(unsigned id) const { return contexts[id]; }
  const ContextOrigin &originOf(unsigned id) const { return origins[id]; }
  unsigned numContexts() const { return contexts.size(); }
  /// The contexts in which a flow, by its index in the graph, may be entered. If some were merged, theirs is the last.
  llvm::ArrayRef<unsigned> entriesOf(unsigned flow) const { return entries[flow]; }

  /// The context inside a region that takes `holds`, in a context that the walk has found it in. Nothing if no region
  /// of these locks was found there that takes others inside or runs a flow.
  std::optional<unsigned> inside(unsigned outer, mlir::ArrayAttr holds) const;

  /// Every different acquisition, in program order of its first place.
  llvm::ArrayRef<Acquisition> acquisitions() const { return acquired; }
  /// Each once for its lock and context.
  llvm::ArrayRef<Upgrade> upgrades() const { return upgraded; }

  /// The handlers, by their positions in textual order, whose locks do not count because no error reaches them.
  llvm::ArrayRef<unsigned> idleHandlers() const { return idle; }

  /// Whether any flow takes this lock for writing. A lock that is only read makes nobody wait.
  bool isWritten(unsigned lock) const { return written.contains(lock); }
  const HeldLocks &writtenLocks() const { return written; }

  /// The empty set, to make others from.
  HeldLocks noLocks() const { return contexts[nothingHeld()].may; }

  /// A region around `place`, in its flow or else around a call that leads there, that takes `lock`, for messages. Of
  /// several in one flow the outermost; null if there is none.
  ConstrainedOp whereTaken(mlir::Operation *place, unsigned lock) const;

private:
  /// What matters for locks in a flow: a call of another flow, or a region with the steps inside.
  struct Step {
    std::optional<unsigned> callee;
    ConstrainedOp region;
    LockSet holds;
    size_t end; ///< the step behind this one and those inside
  };

  /// The contexts beyond the bound that a flow is entered in, as one.
  struct Merged {
    Merged(const LockContext &context, unsigned part) : context(context) { parts.insert(part); }

    LockContext context;
    llvm::SetVector<unsigned> parts;
  };

  void visitFlow(unsigned flow);
  void visitHandlers(mlir::ModuleOp program);
  void collectSteps(mlir::Block &block, std::vector<Step> &steps) const;
  void walk(llvm::ArrayRef<Step> steps, size_t begin, size_t end, unsigned context);
  void enterFlow(unsigned flow, unsigned context);
  unsigned enterRegion(unsigned outer, const Step &step);
  void acquire(unsigned context, llvm::ArrayRef<HeldLock> holds, mlir::Operation *where);
  void record(unsigned context, LockSet taken, mlir::Operation *where);
  unsigned intern(LockContext context, ContextOrigin origin);
  LockSet lockSetOf(mlir::ArrayAttr holds) const;
  bool takes(mlir::ArrayAttr holds, unsigned lock) const;

  const FlowGraph &graph;
  llvm::SmallVector<LockOp> lockOps;
  llvm::DenseMap<mlir::Attribute, unsigned> lockIndices;
  HeldLocks::Pool pool;
  HeldLocks written;
  std::vector<LockContext> contexts;
  std::vector<ContextOrigin> origins;
  /// The context inside a region, by the context around it and its locks.
  llvm::DenseMap<std::pair<unsigned, mlir::Attribute>, unsigned> insides;
  HashIndex contextIds, acquisitionIds;
  std::vector<llvm::SmallVector<unsigned, 2>> entries;
  /// Of each flow that is entered in too many contexts, those beyond the bound in one, until the flow is visited.
  std::vector<std::unique_ptr<Merged>> merged;
  std::vector<Acquisition> acquired;
  std::vector<Upgrade> upgraded;
  llvm::DenseSet<std::pair<unsigned, unsigned>> upgradesKnown; ///< by context and lock
  llvm::SmallVector<unsigned> idle;
};

} // namespace flux

#endif // FLUX_ANALYSIS_LOCKCONTEXTS_H
