//===- NodeLocks.h - Which mutexes of their own the nodes take, and where they wait -------------------*- C++ -*-===//
//
// Follows every way through a function of the nodes' LLVM bitcode, and through what it calls, with the mutexes that are
// held there, in the order in which they were taken. Only mutexes that have a name count: variables of static storage,
// members of such variables, and what such variables point to. Conditions are not looked at, but for what a `trylock`
// says. Nothing is claimed of what is not seen: another library's locks, those in objects on the heap, calls through
// pointers.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_NODELOCKS_H
#define FLUX_ANALYSIS_NODELOCKS_H

#include "flux/Analysis/CodePlace.h"
#include "flux/Analysis/LockContexts.h"
#include "flux/Analysis/NodeCode.h"
#include <map>
#include <set>

namespace llvm {
class GlobalVariable;
} // namespace llvm

namespace flux {

/// A mutex by its number in NodeLocks::names(), and how it is held.
using HeldMutex = std::pair<unsigned, LockMode>;
/// Mutexes in the order in which they were taken.
using HeldMutexes = std::vector<HeldMutex>;

/// A mutex that is waited for, with those that are held meanwhile.
struct MutexWait {
  HeldMutexes held;
  HeldMutex wanted;
  CodePlace where;
};

/// A call that keeps its caller waiting for something that is no lock.
struct WaitingCall {
  enum class For {
    Network, ///< somebody at the other end of a connection or pipe
    Time,    ///< a time that passes
    Flows,   ///< something that another flow, or a thread of the program, has to do
  };
  For what;
  std::string callee;
  HeldMutexes held;
  std::vector<std::string> by; ///< the functions in between, outermost first, without the node's own
  CodePlace where;
};

/// Whether the library's function of this name keeps its caller waiting for something that is no lock, conditions
/// included.
bool keepsWaiting(llvm::StringRef name);

/// What one function does.
struct LockUse {
  std::vector<MutexWait> waits;
  std::vector<WaitingCall> calls;
  /// What is held at the end on every way.
  HeldMutexes keeps;
  /// What is released without having been taken.
  std::vector<unsigned> releases;
  /// Whether every way was followed: there is a bound for their number.
  bool isComplete = true;
};

/// The mutexes of a program's nodes.
class NodeLocks {
public:
  explicit NodeLocks(const NodeCode &code) : code(code) {}

  /// What `function` does; nothing if its code is not there. Adds to the names. Stays where it is.
  const LockUse &useOf(llvm::StringRef function);

  /// The mutexes seen so far, as the nodes' sources call them: `cache_lock`, `*table + 8`.
  llvm::ArrayRef<std::string> names() const { return mutexNames; }

private:
  friend class LockWalk;
  /// A place in static storage, or behind a pointer that is in static storage.
  struct Address {
    const llvm::GlobalVariable *variable;
    int64_t offset;
    std::optional<int64_t> behind; ///< the offset from what is loaded there
    auto key() const { return std::tuple(variable, offset, behind.value_or(INT64_MIN)); }
    bool operator<(const Address &other) const { return key() < other.key(); }
  };
  const llvm::GlobalVariable *firstOf(const llvm::GlobalVariable &variable);
  unsigned indexOf(Address address);
  bool isPipe(const Address &address);

  const NodeCode &code;
  llvm::StringMap<LockUse> uses;
  llvm::StringMap<const llvm::GlobalVariable *> shared; ///< by name, the first that was seen
  std::map<Address, unsigned> indices;
  std::vector<std::string> mutexNames;
  /// Where pipe() and its like have put descriptors, once somebody has asked.
  std::optional<std::set<const llvm::GlobalVariable *>> pipes;
};

} // namespace flux

#endif // FLUX_ANALYSIS_NODELOCKS_H
