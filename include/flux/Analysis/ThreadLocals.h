//===- ThreadLocals.h - Which variables of a thread nodes use on both sides of a wait ----------------*- C++ -*-===//
//
// On an event loop a thread runs other flows while one waits, and they share its thread_local variables. Follows the
// nodes' LLVM bitcode. Nothing is claimed of what is not seen: another library's variables, addresses that are kept.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_THREADLOCALS_H
#define FLUX_ANALYSIS_THREADLOCALS_H

#include "flux/Analysis/CodePlace.h"
#include "flux/Analysis/NodeCode.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include <map>
#include <set>

namespace llvm {
class GlobalVariable;
class Instruction;
} // namespace llvm

namespace flux {

/// A thread_local variable that somebody writes, used before and behind a call that waits.
struct UseAcrossWait {
  std::string variable;
  std::string callee; ///< the library's function that waits
  CodePlace where;    ///< of the call in the function that uses the variable
};

/// The variables of a program's nodes.
class ThreadLocals {
public:
  explicit ThreadLocals(const NodeCode &code) : code(code) {}

  /// What `function`, or what it calls, uses so; nothing if its code is not there. What two functions have in common is
  /// found for the first.
  std::vector<UseAcrossWait> findUses(llvm::StringRef function);

private:
  using Variables = llvm::SetVector<const llvm::GlobalVariable *>;
  /// What a function does.
  struct Summary {
    Variables used;
    std::string waitsIn; ///< the library's function; empty if it waits in none
  };
  /// An instruction that uses variables, or waits.
  struct Step {
    const llvm::Instruction *instruction;
    Variables used;
    std::string waitsIn;
  };

  const Summary &summarize(const llvm::Function &function);
  void pass(const llvm::Instruction &instruction, Step &step);
  void use(const llvm::Value &pointer, bool writes, Step &step);
  void judge(llvm::ArrayRef<Step> steps);

  const NodeCode &code;
  llvm::DenseMap<const llvm::Function *, std::unique_ptr<Summary>> summaries;
  std::set<std::string> written; ///< by what their names are
  /// What is to be said, of each variable and call once.
  std::map<std::pair<std::string, const llvm::Instruction *>, UseAcrossWait> found;
};

} // namespace flux

#endif // FLUX_ANALYSIS_THREADLOCALS_H
