//===- NodeDefinitions.h - Whether the nodes' bitcode defines what a program needs -------------------*- C++ -*-===//

#ifndef FLUX_LIB_TARGET_NODEDEFINITIONS_H
#define FLUX_LIB_TARGET_NODEDEFINITIONS_H

#include "flux/Target/Object.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace flux {

/// Reports the functions that both `module` and `nodes`, which is to be linked into it, define.
mlir::LogicalResult checkDefinedOnce(mlir::ModuleOp program, const llvm::Module &module, const llvm::Module &nodes);

/// Reports the functions of the program that `nodes`, which is to be linked into `module`, defines with other
/// parameters or another result than the program calls them with.
mlir::LogicalResult checkSignatures(mlir::ModuleOp program, const llvm::Module &module, const llvm::Module &nodes);

/// The functions that `module` defines for others.
std::vector<Definition> definitionsOf(const llvm::Module &module);

/// The C functions of the program, in the llvm dialect, that it calls and `module` does not define.
std::vector<mlir::LLVM::LLVMFuncOp> findUndefined(mlir::ModuleOp program, const llvm::Module &module);

/// Reports, once all nodes are in `module`, the C functions of the program, in the llvm dialect, that it does not
/// define, with what may have been meant.
mlir::LogicalResult checkAllDefined(mlir::ModuleOp program, const llvm::Module &module);

/// Reports a main() among the nodes, and hooks that the runtime would not call.
mlir::LogicalResult checkHooks(mlir::ModuleOp program, const llvm::Module &module);

} // namespace flux

#endif // FLUX_LIB_TARGET_NODEDEFINITIONS_H
