//===- NodeLocks.cpp - Which mutexes of their own the nodes take, and where they wait -----------------------------===//
//
// A walk over pairs of a block and what is held when it is entered. A function that is called is walked for what is
// held at the call, once for each such state, and gives back the states in which it may return. There are finitely many
// places and states, and bounds for both beyond which a walk is not complete. A loop or a recursion adds nothing once
// its states are known.
//
// Two ways that meet are not merged: what is held on one of them only is a state of its own. So what is said to be held
// is held on some way through the code, and a lock that protects is never one that is only sometimes there.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/NodeLocks.h"
#include "ImmediateCalls.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"

using namespace flux;
using llvm::StringRef;

/// States of one function that are kept apart, and steps of a walk.
static constexpr size_t maxStates = 32;
static constexpr unsigned maxSteps = 200'000;

//===-------------------------------------------------------------------------------------------------------------===//
// Functions that are known
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

struct LockFunctions {
  llvm::StringMap<LockMode> locks, tries;
  llvm::StringSet<> unlocks, regains;
  llvm::StringMap<WaitingCall::For> waits;
  std::vector<std::pair<StringRef, unsigned>> makesPipe;

  LockFunctions() {
#define FLUX_LOCKS(NAME, MODE) locks[NAME] = LockMode::MODE;
#define FLUX_TRIES(NAME, MODE) tries[NAME] = LockMode::MODE;
#define FLUX_UNLOCKS(NAME) unlocks.insert(NAME);
#define FLUX_REGAINS(NAME) regains.insert(NAME);
#define FLUX_WAITS(NAME, WHAT) waits[NAME] = WaitingCall::For::WHAT;
#define FLUX_MAKES_PIPE(NAME, ARGUMENT) makesPipe.emplace_back(NAME, ARGUMENT);
#include "LockFunctions.def"
#undef FLUX_LOCKS
#undef FLUX_TRIES
#undef FLUX_UNLOCKS
#undef FLUX_REGAINS
#undef FLUX_WAITS
#undef FLUX_MAKES_PIPE
  }
};

} // namespace

static const LockFunctions &known() {
  static const LockFunctions functions;
  return functions;
}

bool flux::keepsWaiting(StringRef name) { return known().waits.contains(name) || known().regains.contains(name); }

//===-------------------------------------------------------------------------------------------------------------===//
// The walk
//===-------------------------------------------------------------------------------------------------------------===//

namespace flux {

class LockWalk {
public:
  LockWalk(NodeLocks &locks, LockUse &use) : locks(locks), use(use) {}

  void run(const llvm::Function &root);

private:
  using Address = NodeLocks::Address;
  using States = std::set<HeldMutexes>;
  /// What the arguments of a function point to, as far as that has a name.
  using Arguments = std::vector<std::optional<Address>>;
  using Entry = std::tuple<const llvm::Function *, Arguments, HeldMutexes>;
  /// A state on its way through a block, and which attempts to lock have succeeded.
  struct Way {
    HeldMutexes held;
    std::map<const llvm::Value *, bool> tried;
  };

  const States &walk(const llvm::Function &function, const Arguments &arguments, const HeldMutexes &held);
  std::vector<Way> passBlock(const llvm::BasicBlock &block, const HeldMutexes &held);
  std::vector<Way> passCall(const llvm::CallBase &call, StringRef name, Way way);
  std::vector<Way> passCode(const llvm::CallBase &call, const llvm::Function &code, const Way &way);
  void take(const llvm::CallBase &call, const llvm::Value &mutex, LockMode mode, HeldMutexes &held, bool waits);
  void release(const llvm::Value &mutex, HeldMutexes &held);
  void noteWait(const llvm::CallBase &call, StringRef callee, WaitingCall::For what, const HeldMutexes &held);
  std::optional<Address> addressOf(const llvm::Value &pointer) const;
  static CodePlace placeOf(const llvm::CallBase &call);
  std::vector<std::string> way() const;

  NodeLocks &locks;
  LockUse &use;
  unsigned steps = 0;
  std::map<Entry, States> results;
  std::vector<const llvm::Function *> running;
  const Arguments *arguments = nullptr; ///< of the function that is walked
  std::set<std::tuple<const llvm::CallBase *, HeldMutexes, unsigned>> noted;
};

} // namespace flux

void LockWalk::run(const llvm::Function &root) {
  const States &ends = walk(root, Arguments(root.arg_size()), {});
  if (!ends.empty() && llvm::all_of(ends, [&](const HeldMutexes &held) { return held == *ends.begin(); }))
    use.keeps = *ends.begin();
}

/// Walks a function that is entered with `held`, and gives what may be held where it returns.
const LockWalk::States &LockWalk::walk(const llvm::Function &function, const Arguments &given,
                                       const HeldMutexes &held) {
  auto [result, isNew] = results.try_emplace({&function, given, held});
  States &ends = result->second;
  if (!isNew) // Of a recursion, what is known so far: the ways that do not recur.
    return ends;
  const Arguments *outer = std::exchange(arguments, &std::get<Arguments>(result->first));
  running.push_back(&function);
  std::map<const llvm::BasicBlock *, States> seen;
  std::vector<std::pair<const llvm::BasicBlock *, HeldMutexes>> queue;
  auto enter = [&](const llvm::BasicBlock *block, const HeldMutexes &state) {
    States &states = seen[block];
    if (states.size() >= maxStates || ++steps > maxSteps)
      use.isComplete = false;
    else if (states.insert(state).second)
      queue.emplace_back(block, state);
  };
  enter(&function.getEntryBlock(), held);
  while (!queue.empty()) {
    auto [block, state] = std::move(queue.back());
    queue.pop_back();
    for (const Way &way : passBlock(*block, state)) {
      const llvm::Instruction &last = *block->getTerminator();
      if (llvm::isa<llvm::ReturnInst>(last))
        ends.insert(way.held);
      llvm::CmpPredicate predicate;
      const llvm::Value *tried = nullptr;
      using namespace llvm::PatternMatch;
      auto *branch = llvm::dyn_cast<llvm::BranchInst>(&last);
      bool decides = branch && branch->isConditional() &&
                     match(branch->getCondition(), m_ICmp(predicate, m_Value(tried), m_Zero())) &&
                     llvm::ICmpInst::isEquality(predicate) && way.tried.count(tried);
      for (unsigned i = 0; i != last.getNumSuccessors(); ++i)
        if (!decides || (way.tried.at(tried) == (predicate == llvm::ICmpInst::ICMP_EQ)) == (i == 0))
          enter(last.getSuccessor(i), way.held);
    }
  }
  running.pop_back();
  arguments = outer;
  return ends;
}

std::vector<LockWalk::Way> LockWalk::passBlock(const llvm::BasicBlock &block, const HeldMutexes &held) {
  std::vector<Way> ways{{held, {}}};
  for (const llvm::Instruction &instruction : block) {
    auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
    if (!call)
      continue;
    Callee callee = locks.code.calleeOf(*call);
    std::vector<Way> next;
    for (Way &way : ways)
      llvm::append_range(next, callee.kind == Callee::Kind::Code ? passCode(*call, *callee.code, way)
                                                                 : passCall(*call, callee.name, std::move(way)));
    ways = std::move(next);
    if (ways.size() > maxStates) {
      ways.resize(maxStates);
      use.isComplete = false;
    }
  }
  return ways;
}

/// Passes a call of what has no code here. A pointer has no name, and nothing is known of it.
std::vector<LockWalk::Way> LockWalk::passCall(const llvm::CallBase &call, StringRef name, Way way) {
  auto argument = [&](unsigned index) -> const llvm::Value & { return *call.getArgOperand(index); };
  unsigned count = call.arg_size();
  if (auto waits = known().waits.find(name); waits != known().waits.end() && !returnsAtOnce(call, name))
    noteWait(call, name, waits->second, way.held);
  if (auto mode = known().locks.find(name); mode != known().locks.end() && count > 0) {
    take(call, argument(0), mode->second, way.held, /*waits=*/true);
  } else if (auto mode = known().tries.find(name); mode != known().tries.end() && count > 0) {
    Way succeeded = way;
    take(call, argument(0), mode->second, succeeded.held, /*waits=*/false);
    succeeded.tried[&call] = true;
    way.tried[&call] = false;
    return {std::move(way), std::move(succeeded)};
  } else if (known().unlocks.contains(name) && count > 0) {
    release(argument(0), way.held);
  } else if (known().regains.contains(name) && count > 1) {
    release(argument(1), way.held);
    take(call, argument(1), LockMode::Write, way.held, /*waits=*/true);
  }
  return {std::move(way)};
}

std::vector<LockWalk::Way> LockWalk::passCode(const llvm::CallBase &call, const llvm::Function &code, const Way &way) {
  Arguments given;
  for (unsigned i = 0; i != code.arg_size(); ++i)
    given.push_back(i < call.arg_size() ? addressOf(*call.getArgOperand(i)) : std::nullopt);
  std::vector<Way> ways;
  for (const HeldMutexes &end : walk(code, given, way.held))
    ways.push_back({end, way.tried});
  // A call that may never come back, or not by returning, leaves what was held; so does a recursion.
  if (ways.empty())
    ways.push_back(way);
  return ways;
}

/// Adds a mutex to those that are held. One that is held already is recursive, or an error that is not looked for.
void LockWalk::take(const llvm::CallBase &call, const llvm::Value &mutex, LockMode mode, HeldMutexes &held,
                    bool waits) {
  std::optional<Address> address = addressOf(mutex);
  if (!address)
    return;
  unsigned index = locks.indexOf(*address);
  if (llvm::any_of(held, [&](HeldMutex other) { return other.first == index; }))
    return;
  if (waits && noted.emplace(&call, held, index).second)
    use.waits.push_back({held, {index, mode}, placeOf(call)});
  held.push_back({index, mode});
}

void LockWalk::release(const llvm::Value &mutex, HeldMutexes &held) {
  std::optional<Address> address = addressOf(mutex);
  if (!address)
    return;
  unsigned index = locks.indexOf(*address);
  auto found = llvm::find_if(held, [&](HeldMutex other) { return other.first == index; });
  if (found != held.end())
    held.erase(found);
  else if (!llvm::is_contained(use.releases, index))
    use.releases.push_back(index);
}

void LockWalk::noteWait(const llvm::CallBase &call, StringRef callee, WaitingCall::For what, const HeldMutexes &held) {
  if (what == WaitingCall::For::Network && call.arg_size() > 0)
    if (auto *load = llvm::dyn_cast<llvm::LoadInst>(call.getArgOperand(0)))
      if (std::optional<Address> address = addressOf(*load->getPointerOperand()); address && locks.isPipe(*address))
        what = WaitingCall::For::Flows;
  if (noted.emplace(&call, held, ~0u).second)
    use.calls.push_back({what, llvm::demangle(callee), held, way(), placeOf(call)});
}

/// What a pointer points to, if that has a name.
std::optional<NodeLocks::Address> LockWalk::addressOf(const llvm::Value &pointer) const {
  if (!pointer.getType()->isPointerTy() || running.empty())
    return std::nullopt;
  const llvm::DataLayout &layout = running.back()->getParent()->getDataLayout();
  auto strip = [&](const llvm::Value &value, llvm::APInt &offset) {
    return value.stripAndAccumulateConstantOffsets(layout, offset, /*AllowNonInbounds=*/true);
  };
  llvm::APInt offset(layout.getIndexTypeSizeInBits(pointer.getType()), 0);
  const llvm::Value *base = strip(pointer, offset);
  auto *variable = llvm::dyn_cast<llvm::GlobalVariable>(base);
  if (variable)
    return variable->isThreadLocal() ? std::nullopt
                                     : std::optional(Address{variable, offset.getSExtValue(), std::nullopt});
  if (auto *load = llvm::dyn_cast<llvm::LoadInst>(base)) {
    llvm::APInt inner(offset.getBitWidth(), 0);
    variable = llvm::dyn_cast<llvm::GlobalVariable>(strip(*load->getPointerOperand(), inner));
    if (variable && !variable->isThreadLocal())
      return Address{variable, inner.getSExtValue(), offset.getSExtValue()};
  }
  auto *argument = llvm::dyn_cast<llvm::Argument>(base);
  if (!argument || !arguments || argument->getArgNo() >= arguments->size())
    return std::nullopt;
  std::optional<Address> given = (*arguments)[argument->getArgNo()];
  if (given)
    (given->behind ? *given->behind : given->offset) += offset.getSExtValue();
  return given;
}

/// The library's own lines say little: the place is where the nodes' code has called it.
CodePlace LockWalk::placeOf(const llvm::CallBase &call) {
  const llvm::DILocation *where = call.getDebugLoc();
  while (where && where->getInlinedAt() && StringRef(where->getFilename()).contains("/c++/"))
    where = where->getInlinedAt();
  return CodePlace(where);
}

/// The functions that are running within the node's.
std::vector<std::string> LockWalk::way() const {
  std::vector<std::string> result;
  for (const llvm::Function *function : llvm::drop_begin(running))
    result.push_back(llvm::demangle(function->getName()));
  return result;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The results
//===-------------------------------------------------------------------------------------------------------------===//

const LockUse &NodeLocks::useOf(StringRef function) {
  auto [use, isNew] = uses.try_emplace(function);
  if (const llvm::Function *root = isNew ? code.codeOf(function) : nullptr)
    LockWalk(*this, use->second).run(*root);
  return use->second;
}

/// A variable that several files know is one.
const llvm::GlobalVariable *NodeLocks::firstOf(const llvm::GlobalVariable &variable) {
  return variable.hasLocalLinkage() ? &variable : shared.try_emplace(variable.getName(), &variable).first->second;
}

unsigned NodeLocks::indexOf(Address address) {
  address.variable = firstOf(*address.variable);
  auto [entry, isNew] = indices.try_emplace(address, mutexNames.size());
  if (isNew) {
    std::string name = llvm::demangle(address.variable->getName());
    if (address.offset != 0)
      name += " + " + std::to_string(address.offset);
    if (address.behind)
      name = "*" + name + (*address.behind ? " + " + std::to_string(*address.behind) : "");
    mutexNames.push_back(std::move(name));
  }
  return entry->second;
}

/// Whether a descriptor is stored there by pipe() or its like.
bool NodeLocks::isPipe(const Address &address) {
  if (!pipes) {
    pipes.emplace();
    for (const auto &[name, argument] : known().makesPipe)
      for (const llvm::Value *ends : code.argumentsOf(name, argument))
        if (ends)
          if (auto *variable = llvm::dyn_cast<llvm::GlobalVariable>(ends->stripInBoundsConstantOffsets()))
            pipes->insert(firstOf(*variable));
  }
  return !address.behind && pipes->count(firstOf(*address.variable)) != 0;
}
