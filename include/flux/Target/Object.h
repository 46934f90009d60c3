//===- Object.h - From the llvm dialect to LLVM IR and machine code ---------------------------------*- C++ -*-===//

#ifndef FLUX_TARGET_OBJECT_H
#define FLUX_TARGET_OBJECT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace flux {

/// What code is generated for.
struct ObjectOptions {
  /// Target triple; empty means this machine. X86-64 and AArch64 are built in.
  std::string triple;
  /// Optimisation level, 0 to 3.
  unsigned optLevel = 2;
  /// Bitcode of nodes, to be compiled together with the flows. Nodes may as well be linked as object files.
  std::vector<std::string> nodes;
  /// Whether these are all there is: then what none of them defines is an error.
  bool nodesAreAll = false;
  /// Nodes, predicates and handlers that no exception leaves, besides those whose bitcode shows it.
  std::vector<std::string> unthrowing;
};

/// Adds to `registry` what `translateToLLVM` needs of MLIR.
void registerObjectDialects(mlir::DialectRegistry &registry);

/// Translates a program that has been lowered to the llvm dialect to an optimised LLVM module for the target, with the
/// nodes given as bitcode in it; remarks say which of them are no longer called. Reports at the module's location and
/// returns null if that fails, for example because the target is not known.
std::unique_ptr<llvm::Module> translateToLLVM(mlir::ModuleOp module, llvm::LLVMContext &context,
                                              const ObjectOptions &options);

/// Reports where the nodes given as bitcode do not fit a program that has been lowered to the llvm dialect, as
/// `translateToLLVM` does, and fails then. The functions of the program that none of them defines are only returned,
/// quoted and with what may have been meant.
mlir::LogicalResult checkNodes(mlir::ModuleOp module, llvm::LLVMContext &context, const ObjectOptions &options,
                               std::vector<std::string> &undefined);

/// A function that somebody defines: its symbol, and how to name it to the user.
struct Definition {
  std::string symbol, text;
};

/// What may have been meant by the C function `name` of the program, in the llvm dialect, which nobody defines: words
/// to follow a message, or none. Never another of the program's functions.
std::string suggestDefinition(mlir::ModuleOp program, llvm::StringRef name, llvm::ArrayRef<Definition> definitions);

/// Writes a position-independent object file of the module that `translateToLLVM` returned for these options.
mlir::LogicalResult writeObject(mlir::ModuleOp program, llvm::Module &module, const ObjectOptions &options,
                                llvm::raw_pwrite_stream &output);

} // namespace flux

#endif // FLUX_TARGET_OBJECT_H
