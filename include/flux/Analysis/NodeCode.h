//===- NodeCode.h - What the C functions of a program may block on ------------------------------------*- C++ -*-===//
//
// Reads the nodes' LLVM bitcode and looks for calls that may block. A call of a function that is known is judged by its
// name; a call that leads to code which is not there (another library, a pointer) may block.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_NODECODE_H
#define FLUX_ANALYSIS_NODECODE_H

#include "llvm/ADT/StringMap.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class Function;
class LLVMContext;
class Module;
} // namespace llvm

namespace flux {

/// A call that may block, and how a function comes to it.
struct BlockingCall {
  enum class Kind {
    Known,    ///< of a function that blocks
    Unknown,  ///< of a function of which nothing is known
    Pointer,  ///< through a pointer
    Assembly, ///< inline assembly
  };
  Kind kind;
  /// The functions in between, outermost first, as C and C++ name them; the one that is asked about is not among them.
  std::vector<std::string> by;
  std::string callee; ///< empty unless it is Known or Unknown
  std::string file;   ///< empty where the bitcode has no line tables
  unsigned line = 0, column = 0;

  /// As a clause: `it calls 'save', which calls 'fsync' (store.c:12)`.
  std::string describe() const;
};

/// The code of a program's nodes, predicates and handlers.
class NodeCode {
public:
  NodeCode();
  ~NodeCode();

  /// Adds a file of bitcode or textual LLVM IR. Returns what is wrong with it, or an empty string.
  std::string add(llvm::StringRef file);

  /// Whether the code of a C function is there.
  bool has(llvm::StringRef function) const { return definitions.contains(function); }

  /// The nearest call of `function`, whose code must be there, that may block, or nothing if it never does. What is
  /// known to block comes before what is only not known.
  std::optional<BlockingCall> findBlockingCall(llvm::StringRef function) const;

private:
  std::unique_ptr<llvm::LLVMContext> context;
  std::vector<std::unique_ptr<llvm::Module>> modules;
  llvm::StringMap<const llvm::Function *> definitions;
};

} // namespace flux

#endif // FLUX_ANALYSIS_NODECODE_H
