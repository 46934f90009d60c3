//===- BlockingCalls.cpp - What the C functions of a program may block on -----------------------------------------===//
//
// Breadth first over the calls, so that the chain that is shown is a shortest one. Each function is visited once: the
// search ends, and what it has not found is not there.
//
// Attributes do not count: on a declaration they are the word of whoever wrote it. The guards of the runtime (a node
// that waits though it was found not to keeps its loop) need to know the node, whose name is written where calls may
// read it. So in a function that denies to read memory, only calls that deny it, too, are let pass.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/BlockingCalls.h"
#include "ImmediateCalls.h"
#include "KnownFunctions.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace flux;
using llvm::StringRef;
using Kind = BlockingCall::Kind;

//===-------------------------------------------------------------------------------------------------------------===//
// The search
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

class Search {
public:
  explicit Search(const NodeCode &code) : code(code) {}

  std::optional<BlockingCall> run(const llvm::Function &root);

private:
  void visit(const llvm::CallBase &call, const Callee &callee);
  void visitLibrary(const llvm::CallBase &call, StringRef callee);
  void visitCallbacks(const llvm::CallBase &call, StringRef callee, uint32_t callsBack);
  void visitArguments(const llvm::CallBase &call, uint32_t callsBack);
  void visitReplacements(const llvm::CallBase &call, llvm::ArrayRef<StringRef> names);
  void visitRegistered(const llvm::CallBase &call, StringRef callee, CallsBack what);
  void visitEnds(const llvm::CallBase &call, StringRef callee);
  void visitDestructors(const llvm::CallBase &call);
  void enter(const llvm::CallBase &call, const llvm::Function &callee);
  void found(Kind kind, const llvm::CallBase &call, StringRef callee = "", StringRef through = "");
  std::vector<std::string> wayTo(const llvm::Function &function) const;

  const NodeCode &code;
  llvm::DenseMap<const llvm::Function *, const llvm::Function *> callers;
  std::vector<const llvm::Function *> queue;
  uint32_t visited = Nothing; ///< of what libraries call back
  std::optional<BlockingCall> known, unknown;
};

} // namespace

std::optional<BlockingCall> Search::run(const llvm::Function &root) {
  callers[&root] = nullptr;
  queue.push_back(&root);
  for (size_t next = 0; next != queue.size() && !known; ++next)
    for (const llvm::BasicBlock &block : *queue[next])
      for (const llvm::Instruction &instruction : block)
        if (auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
          visit(*call, code.calleeOf(*call));
  return known ? known : unknown;
}

void Search::visit(const llvm::CallBase &call, const Callee &callee) {
  switch (callee.kind) {
  case Callee::Kind::Code:
    return enter(call, *callee.code);
  case Callee::Kind::Library:
    return visitLibrary(call, callee.name);
  case Callee::Kind::Other:
    return found(findKnownFunction(callee.name) ? Kind::Foreign : Kind::Unknown, call, callee.name);
  case Callee::Kind::Builtin:
    return;
  case Callee::Kind::Pointer:
    return found(Kind::Pointer, call);
  case Callee::Kind::Assembly:
    return found(Kind::Assembly, call);
  }
}

/// Whether a call cannot read what a flow notes about itself, for all that the optimiser knows.
static bool deniesReading(llvm::MemoryEffects effects) {
  return !llvm::isRefSet(effects.getModRef(llvm::IRMemLocation::Other));
}

void Search::visitLibrary(const llvm::CallBase &call, StringRef callee) {
  std::optional<KnownFunction> function =
      returnsAtOnce(call, callee) ? KnownFunction{false, Nothing} : findKnownFunction(callee);
  if (!function)
    return found(Kind::Unknown, call, callee);
  if (function->blocks)
    return found(Kind::Known, call, callee);
  if (deniesReading(call.getFunction()->getMemoryEffects()) && !deniesReading(call.getMemoryEffects()))
    return found(Kind::Denied, call, callee);
  visitCallbacks(call, callee, function->callsBack);
}

//===-------------------------------------------------------------------------------------------------------------===//
// What the library calls back
//===-------------------------------------------------------------------------------------------------------------===//

/// Only arguments differ from call to call; the rest is visited once.
void Search::visitCallbacks(const llvm::CallBase &call, StringRef callee, uint32_t callsBack) {
  visitArguments(call, callsBack);
  callsBack &= ~std::exchange(visited, visited | callsBack);
  if (callsBack & (Allocator | Operators))
    visitReplacements(call, allocatorSymbols());
  if (callsBack & Operators)
    visitReplacements(call, operatorSymbols());
  if (callsBack & (Operators | NewHandler))
    visitRegistered(call, callee, NewHandler);
  if (callsBack & Terminator)
    visitEnds(call, callee);
  if (callsBack & Conversions)
    visitRegistered(call, callee, Conversions);
  if (callsBack & Destructors)
    visitDestructors(call);
  if (callsBack & AtExit)
    found(Kind::CallsBack, call, callee, "atexit");
}

/// Functions like qsort() block where what they call back does.
void Search::visitArguments(const llvm::CallBase &call, uint32_t callsBack) {
  for (unsigned place = 0; place != numArguments; ++place)
    if (callsBack & Argument(place)) {
      if (place < call.arg_size())
        visit(call, code.calleeOf(*call.getArgOperand(place)));
      else
        found(Kind::Pointer, call);
    }
}

/// Visits what the program has in the library's place.
void Search::visitReplacements(const llvm::CallBase &call, llvm::ArrayRef<StringRef> names) {
  for (StringRef name : names)
    if (Callee callee = code.calleeOf(name); callee.kind != Callee::Kind::Library)
      visit(call, callee);
}

/// What is registered may be registered from anywhere, so it is not followed.
void Search::visitRegistered(const llvm::CallBase &call, StringRef callee, CallsBack what) {
  for (StringRef name : registrationsOf(what))
    if (code.mayMention(name))
      return found(Kind::CallsBack, call, callee, name);
}

/// Before an exception that nobody catches ends the process, the library says what() it was.
void Search::visitEnds(const llvm::CallBase &call, StringRef callee) {
  visitRegistered(call, callee, Terminator);
  for (StringRef name : code.definitionsEndingIn("4whatEv"))
    visit(call, code.calleeOf(name));
}

/// An exception that ends here may be any that is thrown anywhere.
void Search::visitDestructors(const llvm::CallBase &call) {
  for (StringRef thrower : {"__cxa_throw", "__cxa_init_primary_exception"})
    for (const llvm::Value *destructor : code.argumentsOf(thrower, 2))
      if (!destructor)
        found(Kind::CallsBack, call, "an exception's destructor", thrower);
      else if (!llvm::isa<llvm::ConstantPointerNull>(destructor))
        visit(call, code.calleeOf(*destructor));
}

//===-------------------------------------------------------------------------------------------------------------===//
// The results
//===-------------------------------------------------------------------------------------------------------------===//

void Search::enter(const llvm::CallBase &call, const llvm::Function &callee) {
  if (callers.try_emplace(&callee, call.getFunction()).second)
    queue.push_back(&callee);
}

/// Whether the process ends at the end of a block.
static bool endsProcess(const llvm::BasicBlock &block) {
  const auto *last = llvm::dyn_cast_or_null<llvm::CallBase>(block.getTerminator()->getPrevNode());
  return llvm::isa<llvm::UnreachableInst>(block.getTerminator()) && last && last->doesNotReturn();
}

void Search::found(Kind kind, const llvm::CallBase &call, StringRef callee, StringRef through) {
  bool isLast = endsProcess(*call.getParent());
  std::optional<BlockingCall> &result = kind == Kind::Known && !isLast ? known : unknown;
  if (result)
    return;
  result = BlockingCall{
      kind,  wayTo(*call.getFunction()), llvm::demangle(callee), llvm::demangle(through), CodePlace(call.getDebugLoc()),
      isLast};
}

/// The functions from below the root down to `function`.
std::vector<std::string> Search::wayTo(const llvm::Function &function) const {
  std::vector<std::string> way;
  for (const llvm::Function *step = &function; const llvm::Function *caller = callers.lookup(step); step = caller)
    way.push_back(llvm::demangle(step->getName()));
  return {way.rbegin(), way.rend()};
}

std::optional<BlockingCall> flux::findBlockingCall(const NodeCode &code, StringRef function) {
  return Search(code).run(*code.codeOf(function));
}

/// What is to be said of a call of a named function behind its name.
static std::string describeKind(const BlockingCall &call) {
  switch (call.kind) {
  case Kind::Unknown:
    return ", of which nothing is known";
  case Kind::Foreign:
    return ", which may be another function than the library's";
  case Kind::CallsBack:
    return ", which may run what '" + call.through + "' was given";
  case Kind::Denied:
    return ", though it is declared to have no such effect";
  case Kind::Known:
  case Kind::Pointer:
  case Kind::Assembly:
    return "";
  }
  llvm_unreachable("every kind has a case");
}

std::string BlockingCall::describe() const {
  std::string text = "it ";
  llvm::raw_string_ostream os(text);
  for (const std::string &function : by)
    os << "calls '" << function << "', which ";
  if (kind == Kind::Pointer)
    os << "calls through a pointer";
  else if (kind == Kind::Assembly)
    os << "contains assembly";
  else
    os << "calls '" << callee << "'";
  if (where.isKnown())
    os << " (" << llvm::sys::path::filename(where.file) << ":" << where.line << ")";
  os << describeKind(*this);
  return text;
}
