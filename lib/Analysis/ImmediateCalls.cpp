//===- ImmediateCalls.cpp - Calls that do not wait, for what they are given ---------------------------------------===//
//
// Only what holds whatever the program does elsewhere counts: bits and numbers that are certain where the call is,
// memory of the function's own that only ever holds zeros, and a descriptor that the same function has made, or made
// non-blocking, on every way to the call.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "ImmediateCalls.h"
#include "KnownFunctions.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/KnownBits.h"
#include <vector>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace flux;
using llvm::StringRef;

//===-------------------------------------------------------------------------------------------------------------===//
// Functions that are known
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

struct Condition {
  enum class Kind { Flag, Number, NoTime, Nonblocking };
  Kind kind;
  unsigned place;
  uint64_t value = 0; ///< of Flag and Number
};

/// ImmediateCalls.def, made ready for look-ups.
struct ImmediateCalls {
  llvm::StringMap<std::vector<Condition>> conditions;
  llvm::StringMap<Condition> makers;

  ImmediateCalls() {
    using Kind = Condition::Kind;
#define FLUX_AT_ONCE_IF_FLAG(NAME, PLACE, FLAG) conditions[NAME].push_back({Kind::Flag, PLACE, FLAG});
#define FLUX_AT_ONCE_IF(NAME, PLACE, VALUE) conditions[NAME].push_back({Kind::Number, PLACE, VALUE});
#define FLUX_AT_ONCE_IF_NO_TIME(NAME, PLACE) conditions[NAME].push_back({Kind::NoTime, PLACE});
#define FLUX_AT_ONCE_IF_NONBLOCKING(NAME) conditions[NAME].push_back({Kind::Nonblocking, 0});
#define FLUX_MAKES_NONBLOCKING(NAME, PLACE, FLAG) makers[NAME] = {Kind::Flag, PLACE, FLAG};
#include "ImmediateCalls.def"
#undef FLUX_AT_ONCE_IF_FLAG
#undef FLUX_AT_ONCE_IF
#undef FLUX_AT_ONCE_IF_NO_TIME
#undef FLUX_AT_ONCE_IF_NONBLOCKING
#undef FLUX_MAKES_NONBLOCKING
  }
};

} // namespace

static const ImmediateCalls &known() {
  static const ImmediateCalls calls;
  return calls;
}

static StringRef nameOf(const llvm::CallBase &call) {
  const llvm::Function *function = call.getCalledFunction();
  return function ? function->getName() : "";
}

//===-------------------------------------------------------------------------------------------------------------===//
// Numbers and times
//===-------------------------------------------------------------------------------------------------------------===//

static bool hasBits(const llvm::Value &value, uint64_t bits) {
  if (!value.getType()->isIntegerTy() || value.getType()->getIntegerBitWidth() > 64)
    return false;
  if (auto *constant = llvm::dyn_cast<llvm::ConstantInt>(&value))
    return (constant->getZExtValue() & bits) == bits;
  const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
  if (!instruction)
    return false;
  llvm::KnownBits known = llvm::computeKnownBits(&value, instruction->getModule()->getDataLayout());
  return (known.One.getZExtValue() & bits) == bits;
}

static bool isNumber(const llvm::Value &value, uint64_t number) {
  const auto *constant = llvm::dyn_cast<llvm::ConstantInt>(&value);
  return constant && constant->getValue().getActiveBits() <= 64 && constant->getZExtValue() == number;
}

/// Whether a use of memory neither writes anything but zeros to it nor lets anybody else write. What the calls that
/// wait write to their own time is what is left of it.
static bool keepsZero(const llvm::Use &use) {
  const llvm::User *user = use.getUser();
  if (auto *store = llvm::dyn_cast<llvm::StoreInst>(user)) {
    auto *stored = llvm::dyn_cast<llvm::Constant>(store->getValueOperand());
    return stored && stored->isNullValue();
  }
  if (auto *set = llvm::dyn_cast<llvm::MemSetInst>(user))
    return isNumber(*set->getValue(), 0);
  if (auto *call = llvm::dyn_cast<llvm::CallBase>(user)) {
    if (call->isLifetimeStartOrEnd())
      return true;
    auto conditions = known().conditions.find(nameOf(*call));
    return conditions != known().conditions.end() && call->isArgOperand(&use) &&
           llvm::any_of(conditions->second, [&](const Condition &condition) {
             return condition.kind == Condition::Kind::NoTime && condition.place == call->getArgOperandNo(&use);
           });
  }
  if (llvm::isa<llvm::GetElementPtrInst>(user))
    return llvm::all_of(user->uses(), keepsZero);
  return llvm::isa<llvm::LoadInst>(user);
}

static bool pointsToZero(const llvm::Value &pointer) {
  const llvm::Value *object = llvm::getUnderlyingObject(&pointer);
  if (auto *variable = llvm::dyn_cast<llvm::GlobalVariable>(object))
    return variable->isConstant() && variable->hasDefinitiveInitializer() && variable->getInitializer()->isNullValue();
  return llvm::isa<llvm::AllocaInst>(object) && llvm::all_of(object->uses(), keepsZero);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Descriptors
//===-------------------------------------------------------------------------------------------------------------===//

static bool holds(const llvm::CallBase &call, const Condition &condition);

/// Whether a pointer leads to a number that is stored right before `call` and is not 0, as FIONBIO takes it.
static bool pointsToOne(const llvm::CallBase &call, const llvm::Value &pointer) {
  for (const llvm::Instruction *step = call.getPrevNode(); step; step = step->getPrevNode())
    if (auto *store = llvm::dyn_cast<llvm::StoreInst>(step); store && store->getPointerOperand() == &pointer) {
      auto *stored = llvm::dyn_cast<llvm::ConstantInt>(store->getValueOperand());
      return stored && !stored->isZero();
    } else if (step->mayWriteToMemory() && !step->isLifetimeStartOrEnd()) {
      return false;
    }
  return false;
}

namespace {
enum class Effect { None, Blocking, Nonblocking };
} // namespace

/// What a call does to the flags of a descriptor that it is given as its first argument.
static Effect effectOn(const llvm::CallBase &call) {
  StringRef name = nameOf(call);
  auto made = [](bool isNonblocking) { return isNonblocking ? Effect::Nonblocking : Effect::Blocking; };
  if ((name == "fcntl" || name == "fcntl64") && call.arg_size() > 1) {
    if (!isNumber(*call.getArgOperand(1), F_SETFL))
      return llvm::isa<llvm::ConstantInt>(call.getArgOperand(1)) ? Effect::None : Effect::Blocking;
    return made(call.arg_size() > 2 && hasBits(*call.getArgOperand(2), O_NONBLOCK));
  }
  if (name == "ioctl" && call.arg_size() > 1) {
    if (!isNumber(*call.getArgOperand(1), FIONBIO))
      return llvm::isa<llvm::ConstantInt>(call.getArgOperand(1)) ? Effect::None : Effect::Blocking;
    return made(call.arg_size() > 2 && pointsToOne(call, *call.getArgOperand(2)));
  }
  return Effect::None;
}

static bool isMadeNonblocking(const llvm::Value &descriptor) {
  auto *maker = llvm::dyn_cast<llvm::CallBase>(&descriptor);
  if (!maker)
    return false;
  auto condition = known().makers.find(nameOf(*maker));
  return condition != known().makers.end() && holds(*maker, condition->second);
}

/// Whether `call` comes only after its function has made the descriptor non-blocking, and nothing there undoes that.
static bool isNonblocking(const llvm::CallBase &call, const llvm::Value &descriptor) {
  if (llvm::isa<llvm::Constant>(descriptor))
    return false;
  std::vector<const llvm::CallBase *> settings;
  for (const llvm::Use &use : descriptor.uses())
    if (auto *user = llvm::dyn_cast<llvm::CallBase>(use.getUser())) {
      bool isFirst = user->isArgOperand(&use) && user->getArgOperandNo(&use) == 0;
      bool isKnown = known().conditions.contains(nameOf(*user)) || findKnownFunction(nameOf(*user));
      if (!isFirst || !isKnown || effectOn(*user) == Effect::Blocking)
        return false;
      if (effectOn(*user) == Effect::Nonblocking)
        settings.push_back(user);
    }
  if (isMadeNonblocking(descriptor))
    return true;
  if (settings.empty())
    return false;
  llvm::DominatorTree dominators(const_cast<llvm::Function &>(*call.getFunction())); // which it only reads
  return llvm::any_of(settings, [&](const llvm::CallBase *setting) { return dominators.dominates(setting, &call); });
}

//===-------------------------------------------------------------------------------------------------------------===//
// The verdict
//===-------------------------------------------------------------------------------------------------------------===//

static bool holds(const llvm::CallBase &call, const Condition &condition) {
  if (condition.place >= call.arg_size())
    return false;
  const llvm::Value &argument = *call.getArgOperand(condition.place);
  switch (condition.kind) {
  case Condition::Kind::Flag:
    return hasBits(argument, condition.value);
  case Condition::Kind::Number:
    return isNumber(argument, condition.value);
  case Condition::Kind::NoTime:
    return argument.getType()->isPointerTy() && pointsToZero(argument);
  case Condition::Kind::Nonblocking:
    return isNonblocking(call, argument);
  }
  llvm_unreachable("every kind has a case");
}

bool flux::returnsAtOnce(const llvm::CallBase &call, StringRef callee) {
  auto conditions = known().conditions.find(callee);
  return conditions != known().conditions.end() &&
         llvm::any_of(conditions->second, [&](const Condition &condition) { return holds(call, condition); });
}
