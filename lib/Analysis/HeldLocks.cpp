//===- HeldLocks.cpp - Sets of locks ------------------------------------------------------------------------------===//

#include "flux/Analysis/HeldLocks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include <functional>

using namespace mlir;
using namespace flux;

//===-------------------------------------------------------------------------------------------------------------===//
// Few locks
//===-------------------------------------------------------------------------------------------------------------===//

static auto position(ArrayRef<HeldLock> set, unsigned lock) {
  return llvm::lower_bound(set, lock, [](const HeldLock &held, unsigned lock) { return held.lock < lock; });
}

std::optional<LockMode> flux::modeOf(ArrayRef<HeldLock> set, unsigned lock) {
  auto found = position(set, lock);
  return found != set.end() && found->lock == lock ? std::optional(found->mode) : std::nullopt;
}

void flux::strengthen(LockSet &set, HeldLock held) {
  auto found = set.begin() + (position(set, held.lock) - set.begin());
  if (found == set.end() || found->lock != held.lock)
    set.insert(found, held);
  else
    found->mode = std::max(found->mode, held.mode);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Nodes and words
//===-------------------------------------------------------------------------------------------------------------===//

static constexpr unsigned locksInWord = 32;

/// A lock's two bits, of which the lower one says that it is held and the upper one that it is held for writing: so the
/// stronger mode is what either has, and the weaker what both have.
static uint64_t bitsOf(LockMode mode) { return mode == LockMode::Write ? 3 : 1; }
static LockMode modeFrom(uint64_t bits) { return bits & 2 ? LockMode::Write : LockMode::Read; }
static constexpr uint64_t heldBits = 0x5555555555555555;

/// How many locks a part of this height has room for.
static unsigned roomOf(unsigned height) { return locksInWord << 3 * height; }

HeldLocks::Pool::Pool(size_t numLocks) {
  while (roomOf(height) < numLocks)
    ++height;
  intern({});
}

uint64_t HeldLocks::Pool::intern(const Node &node) {
  size_t hash = llvm::hash_combine_range(node);
  if (std::optional<unsigned> known = ids.find(hash, [&](unsigned id) { return nodes[id] == node; }))
    return *known;
  ids.add(hash);
  nodes.push_back(node);
  return nodes.size() - 1;
}

/// `part` with other bits for a lock.
uint64_t HeldLocks::Pool::replace(uint64_t part, unsigned height, unsigned lock, uint64_t bits) {
  if (height == 0)
    return (part & ~(uint64_t(3) << 2 * lock)) | bits << 2 * lock;
  unsigned room = roomOf(height - 1);
  Node node = nodes[part];
  uint64_t &changed = node[lock / room];
  changed = replace(changed, height - 1, lock % room, bits);
  return intern(node);
}

/// What a bitwise operator makes of all words. It makes of equal parts, or of one that is empty, what it makes of their
/// indices, since of an empty set it leaves nothing or the other.
template <typename Operator>
uint64_t HeldLocks::Pool::combine(uint64_t a, uint64_t b, unsigned height, Operator apply) {
  if (height == 0 || a == b || a == 0 || b == 0)
    return apply(a, b);
  Node node;
  for (size_t index = 0; index != node.size(); ++index)
    node[index] = combine(nodes[a][index], nodes[b][index], height - 1, apply);
  return intern(node);
}

/// Whether a lock is in both words, and for writing in one.
static bool conflict(uint64_t a, uint64_t b) { return (a & b & heldBits & (a | b) >> 1) != 0; }

bool HeldLocks::Pool::conflict(uint64_t a, uint64_t b, unsigned height) const {
  if (height == 0)
    return ::conflict(a, b);
  if (a == 0 || b == 0)
    return false;
  const Node &first = nodes[a], &second = nodes[b];
  bool result = false;
  if (height == 1)
    for (size_t index = 0; index != first.size(); ++index)
      result |= ::conflict(first[index], second[index]); // without a branch, all at once
  else
    for (size_t index = 0; index != first.size() && !result; ++index)
      result = conflict(first[index], second[index], height - 1);
  return result;
}

/// The first word of `part` that has locks in it, of those for `from` and what follows.
std::optional<HeldLocks::Pool::Word> HeldLocks::Pool::findWord(uint64_t part, unsigned height, unsigned from) const {
  if (part == 0)
    return std::nullopt;
  if (height == 0)
    return Word{0, part};
  unsigned room = roomOf(height - 1);
  for (size_t index = from / room; index < nodes[part].size(); ++index, from = 0)
    if (std::optional<Word> word = findWord(nodes[part][index], height - 1, from % room))
      return Word{unsigned(index) * room + word->first, word->bits};
  return std::nullopt;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Sets
//===-------------------------------------------------------------------------------------------------------------===//

std::optional<LockMode> HeldLocks::modeOf(unsigned lock) const {
  uint64_t part = root;
  for (unsigned height = pool->height; height != 0 && part != 0; --height) {
    unsigned room = roomOf(height - 1);
    part = pool->nodes[part][lock / room];
    lock %= room;
  }
  uint64_t bits = (part >> (2 * lock % 64)) & 3;
  return bits ? std::optional(modeFrom(bits)) : std::nullopt;
}

void HeldLocks::strengthen(HeldLock held) {
  std::optional<LockMode> before = modeOf(held.lock);
  if (!before || *before < held.mode)
    root = pool->replace(root, pool->height, held.lock, bitsOf(held.mode));
}

void HeldLocks::erase(unsigned lock) {
  if (contains(lock))
    root = pool->replace(root, pool->height, lock, 0);
}

HeldLocks &HeldLocks::operator|=(const HeldLocks &other) {
  root = pool->combine(root, other.root, pool->height, std::bit_or<uint64_t>());
  return *this;
}

HeldLocks &HeldLocks::operator&=(const HeldLocks &other) {
  root = pool->combine(root, other.root, pool->height, std::bit_and<uint64_t>());
  return *this;
}

bool HeldLocks::conflictsWith(const HeldLocks &other) const { return pool->conflict(root, other.root, pool->height); }

//===-------------------------------------------------------------------------------------------------------------===//
// Iteration
//===-------------------------------------------------------------------------------------------------------------===//

HeldLocks::iterator HeldLocks::begin() const {
  iterator result(*this);
  result.enterWord(0);
  return result;
}

HeldLock HeldLocks::iterator::operator*() const {
  unsigned bit = llvm::countr_zero(left);
  return {first + bit / 2, modeFrom(left >> bit)};
}

HeldLocks::iterator &HeldLocks::iterator::operator++() {
  left &= ~(uint64_t(3) << llvm::countr_zero(left));
  if (left == 0)
    enterWord(first + locksInWord);
  return *this;
}

/// Goes to the word for the lock `from`, or the next one that has locks in it, or the end.
void HeldLocks::iterator::enterWord(unsigned from) {
  std::optional<Pool::Word> word;
  if (from < roomOf(set.pool->height))
    word = set.pool->findWord(set.root, set.pool->height, from);
  first = word ? word->first : ~0u;
  left = word ? word->bits : 0;
}
