//===- Dot.h - A picture of a program for Graphviz ----------------------------------------------------*- C++ -*-===//

#ifndef FLUX_TARGET_DOT_H
#define FLUX_TARGET_DOT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace flux {

/// Writes the program as a DOT graph: a cluster for each flow, a box for each node, the predicates of a case on the
/// edge that leads to it, constraints under the name or in a box around all that they hold for, and a dotted edge from
/// each call to the handlers of its errors.
mlir::LogicalResult writeDot(mlir::ModuleOp program, llvm::raw_ostream &output);

} // namespace flux

#endif // FLUX_TARGET_DOT_H
