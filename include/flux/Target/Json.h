//===- Json.h - A program as JSON, for other tools ----------------------------------------------------*- C++ -*-===//

#ifndef FLUX_TARGET_JSON_H
#define FLUX_TARGET_JSON_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace flux {

/// Writes everything that a program declares, with the body of each flow as a tree. docs/Json.md describes the form.
mlir::LogicalResult writeJson(mlir::ModuleOp program, llvm::raw_ostream &output);

} // namespace flux

#endif // FLUX_TARGET_JSON_H
