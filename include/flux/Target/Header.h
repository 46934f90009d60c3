//===- Header.h - The C header that nodes are written against ----------------------------------------*- C++ -*-===//

#ifndef FLUX_TARGET_HEADER_H
#define FLUX_TARGET_HEADER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace flux {

/// Writes the header of a program, valid C11 and C++17: the `_in` and `_out` struct of each node and flow, and a
/// prototype for each C function that the program expects (nodes, predicates, handlers, session functions). Sizes that
/// the compiler relies on are asserted.
mlir::LogicalResult writeHeader(mlir::ModuleOp program, llvm::raw_ostream &output);

} // namespace flux

#endif // FLUX_TARGET_HEADER_H
