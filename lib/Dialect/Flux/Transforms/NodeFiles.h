//===- NodeFiles.h - Reads the nodes' code for a pass --------------------------------------------------*- C++ -*-===//

#ifndef FLUX_DIALECT_FLUX_LIB_NODEFILES_H
#define FLUX_DIALECT_FLUX_LIB_NODEFILES_H

#include "flux/Analysis/NodeCode.h"
#include "mlir/IR/BuiltinOps.h"

namespace flux {

/// Adds files of bitcode or textual LLVM IR to `code`. Reports one that cannot be read, at the program.
inline llvm::LogicalResult addNodeCode(NodeCode &code, llvm::ArrayRef<std::string> files, mlir::ModuleOp program) {
  for (const std::string &file : files)
    if (std::string problem = code.addBitcode(file); !problem.empty())
      return program.emitError() << "the nodes' code in '" << file << "' cannot be read: " << problem;
  return llvm::success();
}

} // namespace flux

#endif // FLUX_DIALECT_FLUX_LIB_NODEFILES_H
