//===- NodeCode.cpp - The code of a program's C functions, and what calls in it lead to ---------------------------===//
//
// Names are resolved as the linker resolves them. A strong definition wins. Those of inline functions and templates are
// all equal, unless something else defines the name, too, of which nobody knows how it was compiled. Any other weak
// definition may be replaced. What is there for the optimiser only (`available_externally`) is not what is linked.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/NodeCode.h"
#include "flux/Support/Files.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace flux;
using llvm::StringRef;

NodeCode::NodeCode() : context(std::make_unique<llvm::LLVMContext>()) {}

NodeCode::~NodeCode() = default;

//===-------------------------------------------------------------------------------------------------------------===//
// Definitions
//===-------------------------------------------------------------------------------------------------------------===//

/// Whether a module's assembly defines nothing: <iostream> has some that does not. Any other may, which takes an
/// assembler to know.
static bool onlyMentions(StringRef assembly) {
  llvm::SmallVector<StringRef> lines;
  assembly.split(lines, '\n', -1, /*KeepEmpty=*/false);
  return llvm::all_of(lines, [](StringRef line) {
    auto [directive, name] = line.trim().split(' ');
    return directive == ".globl" && name.find_first_of(" \t;#") == StringRef::npos;
  });
}

/// Makes values of variables that code without optimisation keeps in memory, so that a load tells what was stored.
static void promoteVariables(llvm::Function &function) {
  std::vector<llvm::AllocaInst *> promotable;
  for (llvm::Instruction &instruction : llvm::instructions(function))
    if (auto *variable = llvm::dyn_cast<llvm::AllocaInst>(&instruction); variable && llvm::isAllocaPromotable(variable))
      promotable.push_back(variable);
  if (promotable.empty())
    return;
  llvm::DominatorTree dominators(function);
  llvm::PromoteMemToReg(promotable, dominators);
}

std::string NodeCode::addBitcode(StringRef file) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readFile(file, error);
  if (!buffer)
    return error;
  llvm::SMDiagnostic problem;
  std::unique_ptr<llvm::Module> module = llvm::parseIR(*buffer, problem, *context);
  if (!module)
    return problem.getMessage().str();
  for (const llvm::GlobalValue &value : module->global_values())
    if (!value.isDeclarationForLinker() && !value.hasLocalLinkage())
      define(value);
  for (llvm::Function &function : *module)
    promoteVariables(function);
  if (!onlyMentions(module->getModuleInlineAsm()))
    linked.addUnseen();
  modules.push_back(std::move(module));
  return "";
}

void NodeCode::define(const llvm::GlobalValue &value) {
  Definition &definition = definitions[value.getName()];
  if (value.hasWeakODRLinkage() || value.hasLinkOnceODRLinkage()) {
    if (!definition.inlined)
      definition.inlined = &value;
  } else if (!value.isInterposable()) {
    definition.strong = &value;
  }
}

/// The function that a definition is, perhaps by another name.
static const llvm::Function *functionOf(const llvm::GlobalValue *definition) {
  while (const auto *alias = llvm::dyn_cast_or_null<llvm::GlobalAlias>(definition))
    definition = llvm::dyn_cast<llvm::GlobalValue>(alias->getAliasee()->stripPointerCasts());
  const auto *function = llvm::dyn_cast_or_null<llvm::Function>(definition);
  return function && !function->isDeclarationForLinker() ? function : nullptr;
}

const llvm::Function *NodeCode::codeOf(StringRef name) const {
  auto found = definitions.find(name);
  if (found == definitions.end())
    return nullptr;
  if (found->second.strong)
    return functionOf(found->second.strong);
  return linked.mayReplace(name) ? nullptr : functionOf(found->second.inlined);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Calls
//===-------------------------------------------------------------------------------------------------------------===//

const llvm::Value *NodeCode::operandOf(const llvm::CallBase &call) { return call.getCalledOperand(); }

/// The library's function that an intrinsic one stands for, as far as programs have their own.
static StringRef libraryName(StringRef intrinsic) {
  for (StringRef name : {"memcpy", "memmove", "memset"})
    if (intrinsic.starts_with(("llvm." + name + ".").str()))
      return name;
  return "";
}

Callee NodeCode::calleeOf(const llvm::Value &value) const {
  const llvm::Value *target = value.stripPointerCasts();
  if (const auto *assembly = llvm::dyn_cast<llvm::InlineAsm>(target))
    // Empty assembly is a barrier for the compiler.
    return {assembly->getAsmString().empty() ? Callee::Kind::Builtin : Callee::Kind::Assembly, nullptr, ""};
  const auto *global = llvm::dyn_cast<llvm::GlobalValue>(target);
  if (!global || llvm::isa<llvm::GlobalVariable>(global))
    return {Callee::Kind::Pointer, nullptr, ""};
  const auto *function = llvm::dyn_cast<llvm::Function>(global);
  if (global->hasLocalLinkage()) {
    const llvm::Function *code = functionOf(global);
    return {code ? Callee::Kind::Code : Callee::Kind::Pointer, code, global->getName()};
  }
  if (!function || !function->isIntrinsic())
    return calleeOf(global->getName());
  StringRef name = libraryName(global->getName());
  return name.empty() ? Callee{Callee::Kind::Builtin, nullptr, global->getName()} : calleeOf(name);
}

Callee NodeCode::calleeOf(StringRef name) const {
  if (const llvm::Function *code = codeOf(name))
    return {Callee::Kind::Code, code, name};
  return {mayBeLibrary(name) ? Callee::Kind::Library : Callee::Kind::Other, nullptr, name};
}

bool NodeCode::mayMention(StringRef name) const {
  return linked.mayMention(name) ||
         llvm::any_of(modules, [&](const auto &module) { return module->getNamedValue(name) != nullptr; });
}

std::vector<StringRef> NodeCode::definitionsEndingIn(StringRef ending) const {
  std::vector<StringRef> names = linked.definitionsEndingIn(ending);
  for (StringRef name : definitions.keys())
    if (name.ends_with(ending))
      names.push_back(name);
  llvm::sort(names);
  return names;
}

std::vector<const llvm::Value *> NodeCode::argumentsOf(StringRef name, unsigned argument) const {
  std::vector<const llvm::Value *> arguments;
  if (linked.mayMention(name))
    arguments.push_back(nullptr);
  for (const auto &module : modules)
    if (const llvm::GlobalValue *function = module->getNamedValue(name))
      for (const llvm::User *user : function->users()) {
        const auto *call = llvm::dyn_cast<llvm::CallBase>(user);
        bool isCall = call && call->getCalledOperand() == function && argument < call->arg_size();
        arguments.push_back(isCall ? call->getArgOperand(argument) : nullptr);
      }
  return arguments;
}
