//===- Flux.h - The flux dialect ---------------------------------------------------------------------*- C++ -*-===//
//
// Include this to use the dialect: ops, types, attributes and what they share.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_DIALECT_FLUX_IR_FLUX_H
#define FLUX_DIALECT_FLUX_IR_FLUX_H

#include "flux/Dialect/Flux/IR/CTypes.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace flux {

/// The trait behind Flux_PartOfProgram.
mlir::LogicalResult verifyPartOfProgram(mlir::Operation *op);
// NOLINTNEXTLINE(bugprone-crtp-constructor-accessibility): operations inherit from traits as MLIR has them.
template <typename Op> struct PartOfProgram : mlir::OpTrait::TraitBase<Op, PartOfProgram> {
  static mlir::LogicalResult verifyTrait(mlir::Operation *op) { return verifyPartOfProgram(op); }
};

} // namespace flux

#include "flux/Dialect/Flux/IR/FluxDialect.h.inc"
#include "flux/Dialect/Flux/IR/FluxEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "flux/Dialect/Flux/IR/FluxTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "flux/Dialect/Flux/IR/FluxAttributes.h.inc"

#define GET_OP_CLASSES
#include "flux/Dialect/Flux/IR/FluxOps.h.inc"

namespace flux {

/// Checks that `module` is a program and nothing else: no part of another operation, and without operations of other
/// dialects. Everything that works on a program asks this first, since it would pass over the rest in silence. What
/// holds between the parts of a program, the verifier has checked.
mlir::LogicalResult verifyIsProgram(mlir::ModuleOp module);

/// The signature of a node or flow; null for any other operation and for null.
mlir::FunctionType signatureOf(mlir::Operation *op);

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_FLUX_H
