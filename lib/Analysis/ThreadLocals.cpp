//===- ThreadLocals.cpp - Which variables of a thread nodes use on both sides of a wait ---------------------------===//
//
// Each function is summed up once: what it uses, and whether it waits. Within a function a variable is used across a
// wait if there is a way from a use to a call that waits, and from there to a use. Conditions are not looked at. A
// recursion adds what its first round has found.
//
// What nobody writes is no matter. Neither is a call that uses the variable itself and waits: which comes first is seen
// within it.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/ThreadLocals.h"
#include "ImmediateCalls.h"
#include "flux/Analysis/NodeLocks.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace flux;
using llvm::StringRef;

/// What a program knows a variable by: one of a file's own, by its place in memory here.
static std::string keyOf(const llvm::GlobalVariable &variable) {
  std::string name = variable.getName().str();
  return variable.hasLocalLinkage() ? name + "@" + variable.getParent()->getModuleIdentifier() : name;
}

std::vector<UseAcrossWait> ThreadLocals::findUses(StringRef function) {
  found.clear();
  if (const llvm::Function *root = code.codeOf(function))
    summarize(*root);
  std::vector<UseAcrossWait> uses;
  for (auto &[key, use] : found)
    if (written.count(key.first))
      uses.push_back(std::move(use));
  // Not by addresses, which differ from run to run.
  llvm::sort(uses, [](const UseAcrossWait &a, const UseAcrossWait &b) {
    return std::tie(a.where.file, a.where.line, a.where.column, a.variable) <
           std::tie(b.where.file, b.where.line, b.where.column, b.variable);
  });
  return uses;
}

const ThreadLocals::Summary &ThreadLocals::summarize(const llvm::Function &function) {
  auto [entry, isNew] = summaries.try_emplace(&function);
  if (!isNew)
    return *entry->second;
  entry->second = std::make_unique<Summary>();
  Summary &summary = *entry->second; // which stays where it is
  std::vector<Step> steps;
  for (const llvm::BasicBlock &block : function)
    for (const llvm::Instruction &instruction : block) {
      Step step = {&instruction, {}, ""};
      pass(instruction, step);
      summary.used.insert_range(step.used);
      if (summary.waitsIn.empty())
        summary.waitsIn = step.waitsIn;
      if (!step.used.empty() || !step.waitsIn.empty())
        steps.push_back(std::move(step));
    }
  judge(steps);
  return summary;
}

void ThreadLocals::pass(const llvm::Instruction &instruction, Step &step) {
  if (auto *store = llvm::dyn_cast<llvm::StoreInst>(&instruction))
    return use(*store->getPointerOperand(), /*writes=*/true, step);
  auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
  if (!call) {
    bool writes = instruction.mayWriteToMemory();
    for (const llvm::Value *operand : instruction.operands())
      if (llvm::isa<llvm::LoadInst>(instruction) || writes)
        use(*operand, writes, step);
    return;
  }
  auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(call);
  if (intrinsic && (intrinsic->getIntrinsicID() == llvm::Intrinsic::threadlocal_address ||
                    intrinsic->isLifetimeStartOrEnd() || intrinsic->isDebugOrPseudoInst()))
    return;
  for (auto [place, argument] : llvm::enumerate(call->args()))
    use(*argument, !call->onlyReadsMemory(place), step);
  Callee callee = code.calleeOf(*call);
  if (callee.kind == Callee::Kind::Code) {
    const Summary &inner = summarize(*callee.code);
    step.used.insert_range(inner.used);
    step.waitsIn = inner.waitsIn;
  } else if (callee.kind == Callee::Kind::Library && keepsWaiting(callee.name) && !returnsAtOnce(*call, callee.name)) {
    step.waitsIn = callee.name.str();
  }
}

/// Notes that what the pointer points to is used, if that is a variable of the thread's, or a part of one.
void ThreadLocals::use(const llvm::Value &pointer, bool writes, Step &step) {
  if (!pointer.getType()->isPointerTy())
    return;
  const llvm::Value *base = llvm::getUnderlyingObject(&pointer);
  if (auto *address = llvm::dyn_cast<llvm::IntrinsicInst>(base);
      address && address->getIntrinsicID() == llvm::Intrinsic::threadlocal_address)
    base = address->getArgOperand(0);
  auto *variable = llvm::dyn_cast<llvm::GlobalVariable>(base);
  if (!variable || !variable->isThreadLocal())
    return;
  step.used.insert(variable);
  if (writes)
    written.insert(keyOf(*variable));
}

void ThreadLocals::judge(llvm::ArrayRef<Step> steps) {
  auto usesOnWay = [&](const Step &wait, const llvm::GlobalVariable *variable, bool isBefore) {
    return llvm::any_of(steps, [&](const Step &step) {
      if (&step == &wait || !step.used.contains(variable))
        return false;
      return isBefore ? llvm::isPotentiallyReachable(step.instruction, wait.instruction)
                      : llvm::isPotentiallyReachable(wait.instruction, step.instruction);
    });
  };
  Variables variables;
  for (const Step &step : steps)
    variables.insert_range(step.used);
  for (const Step &wait : steps)
    if (!wait.waitsIn.empty())
      for (const llvm::GlobalVariable *variable : variables)
        if (usesOnWay(wait, variable, /*isBefore=*/true) && usesOnWay(wait, variable, /*isBefore=*/false))
          found.try_emplace({keyOf(*variable), wait.instruction},
                            UseAcrossWait{llvm::demangle(variable->getName()), llvm::demangle(wait.waitsIn),
                                          CodePlace(wait.instruction->getDebugLoc())});
}
