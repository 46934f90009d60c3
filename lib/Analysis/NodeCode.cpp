//===- NodeCode.cpp - What the C functions of a program may block on ----------------------------------------------===//
//
// Breadth first over the call graph, so that the chain that is shown is a shortest one. Each function is visited once:
// the search ends, and what it has not found is not there. KnownFunctions.def says which functions block and which do
// not; a function without code that, by its attributes, only computes from its arguments and from memory does not.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/NodeCode.h"
#include "flux/Support/Files.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace flux;
using llvm::StringRef;
using Kind = BlockingCall::Kind;

//===-------------------------------------------------------------------------------------------------------------===//
// Functions without code
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

/// KnownFunctions.def, made ready for look-ups.
struct KnownFunctions {
  llvm::StringSet<> never, blocks, callBack, endProcess;
  std::vector<StringRef> neverPrefixes;

  KnownFunctions() {
#define FLUX_NEVER_BLOCKS(NAME) never.insert(NAME);
#define FLUX_NEVER_BLOCKS_PREFIX(PREFIX) neverPrefixes.push_back(PREFIX);
#define FLUX_BLOCKS(NAME) blocks.insert(NAME);
#define FLUX_CALLS_BACK(NAME) callBack.insert(NAME);
#define FLUX_ENDS_PROCESS(NAME) endProcess.insert(NAME);
#include "KnownFunctions.def"
#undef FLUX_NEVER_BLOCKS
#undef FLUX_NEVER_BLOCKS_PREFIX
#undef FLUX_BLOCKS
#undef FLUX_CALLS_BACK
#undef FLUX_ENDS_PROCESS
  }
};

} // namespace

static const KnownFunctions &known() {
  static const KnownFunctions functions;
  return functions;
}

/// Whether a function can do no more than read memory and write what its arguments point to, errno, or an allocator's
/// memory.
static bool onlyComputes(const llvm::Function &function) {
  llvm::MemoryEffects effects = function.getMemoryEffects();
  for (llvm::IRMemLocation harmless :
       {llvm::IRMemLocation::ArgMem, llvm::IRMemLocation::InaccessibleMem, llvm::IRMemLocation::ErrnoMem})
    effects = effects.getWithoutLoc(harmless);
  return effects.onlyReadsMemory();
}

/// Whether the process ends at the end of a block: what an assertion has to say before does not keep anybody waiting.
static bool endsProcess(const llvm::BasicBlock &block) {
  auto *last = llvm::dyn_cast_or_null<llvm::CallBase>(block.getTerminator()->getPrevNode());
  return llvm::isa<llvm::UnreachableInst>(block.getTerminator()) && last && last->getCalledFunction() &&
         known().endProcess.contains(last->getCalledFunction()->getName());
}

static bool neverBlocks(const llvm::Function &function) {
  if (function.isIntrinsic() || known().never.contains(function.getName()) || onlyComputes(function))
    return true;
  std::string name = llvm::demangle(function.getName());
  return llvm::any_of(known().neverPrefixes, [&](StringRef prefix) { return StringRef(name).starts_with(prefix); });
}

//===-------------------------------------------------------------------------------------------------------------===//
// The search
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

class Search {
public:
  explicit Search(const llvm::StringMap<const llvm::Function *> &definitions) : definitions(definitions) {}

  std::optional<BlockingCall> run(const llvm::Function &root);

private:
  void visit(const llvm::CallBase &call);
  void visitFunction(const llvm::CallBase &call, const llvm::Function &callee);
  void visitArguments(const llvm::CallBase &call);
  void enter(const llvm::CallBase &call, const llvm::Function &callee);
  void found(Kind kind, const llvm::CallBase &call, StringRef callee = "");
  std::vector<std::string> wayTo(const llvm::Function &function) const;

  const llvm::StringMap<const llvm::Function *> &definitions;
  llvm::DenseMap<const llvm::Function *, const llvm::Function *> callers;
  std::vector<const llvm::Function *> queue;
  std::optional<BlockingCall> known, unknown;
};

} // namespace

std::optional<BlockingCall> Search::run(const llvm::Function &root) {
  callers[&root] = nullptr;
  queue.push_back(&root);
  for (size_t next = 0; next != queue.size() && !known; ++next)
    for (const llvm::BasicBlock &block : *queue[next])
      if (!endsProcess(block))
        for (const llvm::Instruction &instruction : block)
          if (auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction))
            visit(*call);
  return known ? known : unknown;
}

void Search::visit(const llvm::CallBase &call) {
  const llvm::Value *target = call.getCalledOperand()->stripPointerCastsAndAliases();
  if (auto *assembly = llvm::dyn_cast<llvm::InlineAsm>(target)) {
    // Empty assembly is a barrier for the compiler.
    if (!assembly->getAsmString().empty())
      found(Kind::Assembly, call);
  } else if (auto *callee = llvm::dyn_cast<llvm::Function>(target)) {
    visitFunction(call, *callee);
  } else {
    found(Kind::Pointer, call);
  }
}

void Search::visitFunction(const llvm::CallBase &call, const llvm::Function &callee) {
  const llvm::Function *code = callee.isDeclaration() ? nullptr : &callee;
  if (!code)
    if (auto elsewhere = definitions.find(callee.getName()); elsewhere != definitions.end())
      code = elsewhere->second;
  // Another definition may take the place of a weak one.
  if (code && !code->isInterposable())
    return enter(call, *code);
  if (::known().blocks.contains(callee.getName()))
    return found(Kind::Known, call, callee.getName());
  if (::known().callBack.contains(callee.getName()))
    return visitArguments(call);
  if (!neverBlocks(callee))
    found(Kind::Unknown, call, callee.getName());
}

/// Functions like qsort() block where what they call back does.
void Search::visitArguments(const llvm::CallBase &call) {
  const llvm::Function *comparison = nullptr;
  for (const llvm::Use &argument : call.args())
    if (auto *function = llvm::dyn_cast<llvm::Function>(argument->stripPointerCastsAndAliases()))
      comparison = function;
  if (comparison)
    visitFunction(call, *comparison);
  else
    found(Kind::Pointer, call);
}

void Search::enter(const llvm::CallBase &call, const llvm::Function &callee) {
  if (callers.try_emplace(&callee, call.getFunction()).second)
    queue.push_back(&callee);
}

void Search::found(Kind kind, const llvm::CallBase &call, StringRef callee) {
  std::optional<BlockingCall> &result = kind == Kind::Known ? known : unknown;
  if (result)
    return;
  result = BlockingCall{kind, wayTo(*call.getFunction()), callee.empty() ? "" : llvm::demangle(callee), "", 0, 0};
  if (const llvm::DILocation *where = call.getDebugLoc()) {
    llvm::SmallString<128> file(where->getFilename());
    if (!llvm::sys::path::is_absolute(file)) {
      file = where->getDirectory();
      llvm::sys::path::append(file, where->getFilename());
    }
    result->file = file.str().str();
    result->line = where->getLine();
    result->column = where->getColumn();
  }
}

/// The functions from below the root down to `function`.
std::vector<std::string> Search::wayTo(const llvm::Function &function) const {
  std::vector<std::string> way;
  for (const llvm::Function *step = &function; const llvm::Function *caller = callers.lookup(step); step = caller)
    way.push_back(llvm::demangle(step->getName()));
  return {way.rbegin(), way.rend()};
}

//===-------------------------------------------------------------------------------------------------------------===//
// The results
//===-------------------------------------------------------------------------------------------------------------===//

std::string BlockingCall::describe() const {
  std::string text = "it ";
  llvm::raw_string_ostream os(text);
  for (const std::string &function : by)
    os << "calls '" << function << "', which ";
  switch (kind) {
  case Kind::Known:
  case Kind::Unknown:
    os << "calls '" << callee << "'";
    break;
  case Kind::Pointer:
    os << "calls through a pointer";
    break;
  case Kind::Assembly:
    os << "contains assembly";
    break;
  }
  if (!file.empty())
    os << " (" << llvm::sys::path::filename(file) << ":" << line << ")";
  if (kind == Kind::Unknown)
    os << ", of which nothing is known";
  return text;
}

NodeCode::NodeCode() : context(std::make_unique<llvm::LLVMContext>()) {}

NodeCode::~NodeCode() = default;

std::string NodeCode::add(StringRef file) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readFile(file, error);
  if (!buffer)
    return error;
  llvm::SMDiagnostic problem;
  std::unique_ptr<llvm::Module> module = llvm::parseIR(*buffer, problem, *context);
  if (!module)
    return problem.getMessage().str();
  for (const llvm::Function &function : *module)
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      definitions.try_emplace(function.getName(), &function);
  modules.push_back(std::move(module));
  return "";
}

std::optional<BlockingCall> NodeCode::findBlockingCall(StringRef function) const {
  return Search(definitions).run(*definitions.lookup(function));
}
