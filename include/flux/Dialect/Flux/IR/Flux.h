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

#include "flux/Dialect/Flux/IR/FluxDialect.h.inc"
#include "flux/Dialect/Flux/IR/FluxEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "flux/Dialect/Flux/IR/FluxTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "flux/Dialect/Flux/IR/FluxAttributes.h.inc"

#define GET_OP_CLASSES
#include "flux/Dialect/Flux/IR/FluxOps.h.inc"

namespace flux {

/// The signature of a node or flow; null for any other operation and for null.
mlir::FunctionType signatureOf(mlir::Operation *op);

} // namespace flux

#endif // FLUX_DIALECT_FLUX_IR_FLUX_H
