//===- NodeFiles.h - The nodes' code, for a pass: reading it, and pointing into it -----------------------*- C++
//-*-===//

#ifndef FLUX_DIALECT_FLUX_LIB_NODEFILES_H
#define FLUX_DIALECT_FLUX_LIB_NODEFILES_H

#include "flux/Analysis/CodePlace.h"
#include "flux/Analysis/NodeCode.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"

namespace flux {

/// Adds files of bitcode or textual LLVM IR to `code`. Reports one that cannot be read, at the program.
inline llvm::LogicalResult addNodeCode(NodeCode &code, llvm::ArrayRef<std::string> files, mlir::ModuleOp program) {
  for (const std::string &file : files)
    if (std::string problem = code.addBitcode(file); !problem.empty())
      return program.emitError() << "the nodes' code in '" << file << "' cannot be read: " << problem;
  return llvm::success();
}

/// Points at a call in the nodes' own source, if its place is known.
inline void noteCall(mlir::InFlightDiagnostic &diag, const CodePlace &call, mlir::MLIRContext *context) {
  if (call.isKnown())
    diag.attachNote(call.location(context)) << "the call is here";
}

} // namespace flux

#endif // FLUX_DIALECT_FLUX_LIB_NODEFILES_H
