//===- NodeCode.h - The code of a program's C functions, and what calls in it lead to -----------------*- C++ -*-===//
//
// Reads the nodes' LLVM bitcode, and the symbols of what is linked with it. Only what is certain counts: that a name
// stands for code which is at hand, or for a function of the C or C++ library. Names are those of symbols.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_NODECODE_H
#define FLUX_ANALYSIS_NODECODE_H

#include "flux/Analysis/LinkedSymbols.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace llvm {
class CallBase;
class Function;
class GlobalAlias;
class GlobalValue;
class LLVMContext;
class Module;
class Value;
} // namespace llvm

namespace flux {

/// What a call runs.
struct Callee {
  enum class Kind {
    Code,     ///< a function whose code is at hand
    Library,  ///< a function that nothing defines which is linked, so that it is the C or C++ library's (or the
              ///< runtime's)
    Other,    ///< a function that something else defines, or may define
    Builtin,  ///< an intrinsic function of LLVM
    Pointer,  ///< what a pointer points to
    Assembly, ///< inline assembly; empty one is Builtin
  };
  Kind kind;
  const llvm::Function *code = nullptr; ///< of Code
  llvm::StringRef name;                 ///< of Code, Library, Other and Builtin
};

/// The code of a program's nodes, predicates and handlers, as it is linked.
class NodeCode {
public:
  NodeCode();
  ~NodeCode();

  /// Adds a file of bitcode or textual LLVM IR, of the very code that is linked. Returns what is wrong with it, or an
  /// empty string.
  std::string addBitcode(llvm::StringRef file);

  /// What is linked besides.
  LinkedSymbols linked;

  /// The function that is certain to run when `name` is called, or null.
  const llvm::Function *codeOf(llvm::StringRef name) const;

  Callee calleeOf(const llvm::CallBase &call) const { return calleeOf(*operandOf(call)); }
  /// What runs when this function, alias or pointer is called.
  Callee calleeOf(const llvm::Value &target) const;
  Callee calleeOf(llvm::StringRef name) const;

  /// Whether anything in the program may use the library's function of this name.
  bool mayMention(llvm::StringRef name) const;

  /// What calls of the library's function `name` pass in this place, in all of the bitcode. A null where that is not
  /// known.
  std::vector<const llvm::Value *> argumentsOf(llvm::StringRef name, unsigned argument) const;

  /// The symbols with this ending that anything in the program defines.
  std::vector<llvm::StringRef> definitionsEndingIn(llvm::StringRef ending) const;

private:
  /// What the bitcode defines under one name.
  struct Definition {
    const llvm::GlobalValue *strong = nullptr;  ///< what the linker takes
    const llvm::GlobalValue *inlined = nullptr; ///< of several equal ones, an inline function's, the first
  };

  static const llvm::Value *operandOf(const llvm::CallBase &call);
  void define(const llvm::GlobalValue &value);
  bool mayBeLibrary(llvm::StringRef name) const { return !definitions.contains(name) && !linked.mayDefine(name); }

  std::unique_ptr<llvm::LLVMContext> context;
  std::vector<std::unique_ptr<llvm::Module>> modules;
  llvm::StringMap<Definition> definitions;
};

} // namespace flux

#endif // FLUX_ANALYSIS_NODECODE_H
