//===- VerifyProgram.h - What holds between the parts of a program -----------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DIALECT_FLUX_IR_VERIFYPROGRAM_H
#define FLUX_LIB_DIALECT_FLUX_IR_VERIFYPROGRAM_H

#include "flux/Dialect/Flux/IR/Flux.h"

namespace flux {

/// Checks what holds between all parts of the program to which `op` belongs, if `op` is the last of them. A dialect
/// cannot verify the module that its operations stand in, so the last of them does.
mlir::LogicalResult verifyProgramAfter(mlir::Operation *op, mlir::SymbolTableCollection &tables);

} // namespace flux

#endif // FLUX_LIB_DIALECT_FLUX_IR_VERIFYPROGRAM_H
