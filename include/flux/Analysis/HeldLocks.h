//===- HeldLocks.h - Sets of locks ---------------------------------------------------------------------*- C++ -*-===//
//
// There are many sets at once, one for each place where something is held, and most are made from each other. A set has
// two bits for each lock, 32 locks to a word. Where a program has more, a node stands for eight words, or eight other
// nodes, and a set is a tree of as many levels as the program's locks need. Nodes are kept once each, in a pool, and
// go by their index:
//
//                        node 7                       height 2, up to 2048 locks
//                  /     |         \
//              node 3    0  ...   node 5              height 1; node 0 is empty
//              /   \              /   \
//           word   word        word   word            height 0: locks 0 to 31, 32 to 63, ...
//
// Hence equal sets have equal roots, sets that were made from each other share what they have in common, so that those
// in n regions nested in each other take n log n room, and what goes through two sets passes over what they share.
// Vectors would take the square of n there; balanced trees of single locks, which share as well, took three times as
// long where the sets are small.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_HELDLOCKS_H
#define FLUX_ANALYSIS_HELDLOCKS_H

#include "flux/Analysis/HashIndex.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/iterator.h"
#include <array>

namespace flux {

/// A lock, by its position among the program's locks in textual order, and how it is held or taken.
struct HeldLock {
  unsigned lock;
  LockMode mode;

  bool operator==(const HeldLock &other) const { return lock == other.lock && mode == other.mode; }
};

/// Whether two flows cannot hold the same lock in these modes at once.
inline bool conflict(LockMode a, LockMode b) { return a == LockMode::Write || b == LockMode::Write; }

/// Few locks, in ascending order, each once.
using LockSet = llvm::SmallVector<HeldLock, 4>;

/// The mode in which `set` has `lock`.
std::optional<LockMode> modeOf(llvm::ArrayRef<HeldLock> set, unsigned lock);
/// Adds a lock, or strengthens it to `held.mode`.
void strengthen(LockSet &set, HeldLock held);

/// Any number of locks, in ascending order, each once. A value of two words.
class HeldLocks {
public:
  class Pool;
  class iterator;

  /// No locks. The pool outlives the set and all that are made from it.
  explicit HeldLocks(Pool &pool) : pool(&pool) {}

  iterator begin() const;
  iterator end() const;
  bool empty() const { return root == 0; }
  bool operator==(const HeldLocks &other) const { return root == other.root; }
  friend llvm::hash_code hash_value(const HeldLocks &set) { return llvm::hash_value(set.root); }

  std::optional<LockMode> modeOf(unsigned lock) const;
  bool contains(unsigned lock) const { return modeOf(lock).has_value(); }
  /// Adds a lock, or strengthens it to `held.mode`.
  void strengthen(HeldLock held);
  void erase(unsigned lock);

  /// The locks of both, each in the stronger of its modes.
  HeldLocks &operator|=(const HeldLocks &other);
  /// The locks that both have, each in the weaker of its modes.
  HeldLocks &operator&=(const HeldLocks &other);
  friend HeldLocks operator&(HeldLocks a, const HeldLocks &b) { return a &= b; }

  /// Whether two flows cannot hold these at once.
  bool conflictsWith(const HeldLocks &other) const;

private:
  Pool *pool;
  uint64_t root = 0;
};

/// The nodes of all sets of a program's locks.
class HeldLocks::Pool {
public:
  explicit Pool(size_t numLocks);
  Pool(const Pool &) = delete;

private:
  friend HeldLocks;
  /// Parts of the next height: the indices of nodes or, at the lowest, words.
  using Node = std::array<uint64_t, 8>;
  /// A word with locks in it, and the first that it has room for.
  struct Word {
    unsigned first;
    uint64_t bits;
  };

  uint64_t intern(const Node &node);
  uint64_t replace(uint64_t part, unsigned height, unsigned lock, uint64_t bits);
  template <typename Operator> uint64_t combine(uint64_t a, uint64_t b, unsigned height, Operator apply);
  bool conflict(uint64_t a, uint64_t b, unsigned height) const;
  std::optional<Word> findWord(uint64_t part, unsigned height, unsigned from) const;

  unsigned height = 0; ///< of all sets
  std::vector<Node> nodes;
  HashIndex ids;
};

class HeldLocks::iterator : public llvm::iterator_facade_base<iterator, std::forward_iterator_tag, HeldLock,
                                                              std::ptrdiff_t, HeldLock *, HeldLock> {
public:
  bool operator==(const iterator &other) const { return first == other.first && left == other.left; }
  HeldLock operator*() const;
  iterator &operator++(); // NOLINT(bugprone-derived-method-shadowing-base-method): what the base asks for

private:
  friend HeldLocks;
  /// The end.
  explicit iterator(const HeldLocks &set) : set(set) {}
  void enterWord(unsigned from);

  HeldLocks set;
  unsigned first = ~0u; ///< that the word has room for
  uint64_t left = 0;    ///< what is left of it
};

inline HeldLocks::iterator HeldLocks::end() const { return iterator(*this); }

} // namespace flux

#endif // FLUX_ANALYSIS_HELDLOCKS_H
