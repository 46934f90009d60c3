//===- Source.h - A program as .flux source text ------------------------------------------------------*- C++ -*-===//

#ifndef FLUX_TARGET_SOURCE_H
#define FLUX_TARGET_SOURCE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace llvm {
class SourceMgr;
} // namespace llvm

namespace flux {

/// Writes a program as .flux source. What is written has been imported again and means the same, op for op; only
/// locations and the ranks of locks, which the compiler assigns, are not part of it. What the language cannot say is an
/// error at the op, and nothing is written.
///
/// `origin` is where the program was read from: headers are searched from there.
mlir::LogicalResult writeSource(mlir::ModuleOp program, const llvm::SourceMgr &origin, llvm::raw_ostream &output);

} // namespace flux

#endif // FLUX_TARGET_SOURCE_H
