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
#include "llvm/ADT/ImmutableMap.h"
#include "llvm/ADT/ImmutableSet.h"
#include "llvm/ADT/SetVector.h"

namespace flux {

/// A lock, by its position among the program's locks in textual order, and how it is held or taken.
struct HeldLock {
  unsigned lock;
  LockMode mode;

  bool operator==(const HeldLock &other) const { return lock == other.lock && mode == other.mode; }
};

/// Whether two flows cannot hold the same lock in these modes at once.
inline bool conflict(LockMode a, LockMode b) { return a == LockMode::Write || b == LockMode::Write; }

/// Locks in ascending order, each once.
using LockSet = llvm::SmallVector<HeldLock, 4>;

/// The mode in which `set` has `lock`.
std::optional<LockMode> modeOf(llvm::ArrayRef<HeldLock> set, unsigned lock);
/// Adds a lock, or strengthens it to `held.mode`.
void strengthen(LockSet &set, HeldLock held);

/// What is held at some place: locks in ascending order, each once. A value; sets that were made from each other share
/// what they have in common, so that the sets in n regions nested in each other take n log n room.
class HeldLocks {
  using Map = llvm::ImmutableMapRef<unsigned, unsigned>;
  struct ToHeldLock {
    HeldLock operator()(const Map::value_type &entry) const { return {entry.first, LockMode(entry.second)}; }
  };

public:
  using Factory = Map::FactoryTy;
  using iterator = llvm::mapped_iterator<Map::iterator, ToHeldLock, HeldLock>;

  /// No locks. `factory` outlives the set and all that are made from it.
  explicit HeldLocks(Factory &factory) : locks(nullptr, &factory) {}

  iterator begin() const { return {locks.begin(), ToHeldLock()}; }
  iterator end() const { return {locks.end(), ToHeldLock()}; }
  bool operator==(const HeldLocks &other) const { return sum == other.sum && locks == other.locks; }
  /// Equal sets have equal hashes.
  size_t hash() const { return sum; }

  std::optional<LockMode> modeOf(unsigned lock) const {
    const unsigned *mode = locks.lookup(lock);
    return mode ? std::optional(LockMode(*mode)) : std::nullopt;
  }
  /// Adds a lock, or gives it another mode.
  void set(HeldLock held);
  void erase(unsigned lock);

private:
  Map locks;
  size_t sum = 0; ///< of the hashes of its elements
};

std::optional<LockMode> modeOf(const HeldLocks &set, unsigned lock);
void strengthen(HeldLocks &set, HeldLock held);

/// What a flow holds at some place: at most `may`, at least `must`, and of `reading` possibly only for reading. `may`
/// and `must` differ only where contexts were merged.
struct LockContext {
  HeldLocks may, must;
  llvm::ImmutableSetRef<unsigned> reading;

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

/// Finds elements of a vector by their hashes, without a node of its own for each.
class HashIndex {
public:
  /// The index of the element with this hash that `isSame` accepts.
  std::optional<unsigned> find(size_t hash, llvm::function_ref<bool(unsigned)> isSame) const {
    auto head = heads.find(keyOf(hash));
    for (unsigned index = head == heads.end() ? none : head->second; index != none; index = next[index])
      if (isSame(index))
        return index;
    return std::nullopt;
  }
  /// Adds the next element of the vector.
  void add(size_t hash) {
    auto [head, isNew] = heads.try_emplace(keyOf(hash), next.size());
    next.push_back(isNew ? none : std::exchange(head->second, next.size()));
  }

private:
  static constexpr unsigned none = ~0u;
  /// The map keeps its two greatest keys for itself.
  static size_t keyOf(size_t hash) { return hash >> 1; }

  llvm::DenseMap<size_t, unsigned> heads;
  std::vector<unsigned> next;
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
  bool isWritten(unsigned lock) const { return written[lock]; }

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
    Merged(const LockContext &context, unsigned part) : context(context), seen{part} { parts.insert(part); }

    LockContext context;
    llvm::SetVector<unsigned> parts;
    llvm::DenseSet<unsigned> seen;          ///< the parts and all that they come from
    llvm::DenseMap<unsigned, LockMode> may; ///< what joins that of `context`
  };

  void visitFlow(unsigned flow);
  void visitHandlers(mlir::ModuleOp program);
  void collectSteps(mlir::Block &block, std::vector<Step> &steps) const;
  void walk(llvm::ArrayRef<Step> steps, size_t begin, size_t end, unsigned context);
  void enterFlow(unsigned flow, unsigned context);
  void merge(Merged &wide, unsigned context) const;
  unsigned enterRegion(unsigned outer, const Step &step);
  void acquire(unsigned context, llvm::ArrayRef<HeldLock> holds, mlir::Operation *where);
  void record(unsigned context, LockSet taken, mlir::Operation *where);
  unsigned intern(LockContext context, ContextOrigin origin);
  LockSet lockSetOf(mlir::ArrayAttr holds) const;
  bool takes(mlir::ArrayAttr holds, unsigned lock) const;

  const FlowGraph &graph;
  llvm::SmallVector<LockOp> lockOps;
  llvm::DenseMap<mlir::Attribute, unsigned> lockIndices;
  std::vector<bool> written;
  HeldLocks::Factory setFactory;
  llvm::ImmutableSetRef<unsigned>::FactoryTy readingFactory;
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
