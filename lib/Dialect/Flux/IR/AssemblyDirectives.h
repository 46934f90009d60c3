//===- AssemblyDirectives.h - Custom pieces of the ops' assembly format ---------------------------*- C++ -*-===//
//
// Parsers and printers that the generated assembly formats of FluxOps.td call.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_LIB_DIALECT_FLUX_IR_ASSEMBLYDIRECTIVES_H
#define FLUX_LIB_DIALECT_FLUX_IR_ASSEMBLYDIRECTIVES_H

#include "flux/Dialect/Flux/IR/Flux.h"
#include "mlir/IR/OpImplementation.h"

namespace flux {

/// `program` or `session`.
mlir::ParseResult parseScope(mlir::OpAsmParser &parser, LockScopeAttr &scope);
void printScope(mlir::OpAsmPrinter &printer, mlir::Operation *, LockScopeAttr scope);

/// A lock's rank without its type.
mlir::ParseResult parseRank(mlir::OpAsmParser &parser, mlir::IntegerAttr &rank);
void printRank(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::IntegerAttr rank);

/// `(name: type, ...) -> (name: type, ...)`
mlir::ParseResult parseSignature(mlir::OpAsmParser &parser, mlir::TypeAttr &type, mlir::ArrayAttr &inputs,
                                 mlir::ArrayAttr &outputs);
void printSignature(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::TypeAttr type, mlir::ArrayAttr inputs,
                    mlir::ArrayAttr outputs);

/// `blocking`, `nonblocking` or nothing.
mlir::ParseResult parseBlocking(mlir::OpAsmParser &parser, BlockingAttr &blocking);
void printBlocking(mlir::OpAsmPrinter &printer, mlir::Operation *, BlockingAttr blocking);

/// `[@lock mode, ...]`
mlir::ParseResult parseHolds(mlir::OpAsmParser &parser, mlir::ArrayAttr &holds);
void printHolds(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::ArrayAttr holds);

/// `under [@lock mode, ...]`, or nothing for no lock.
mlir::ParseResult parseUnder(mlir::OpAsmParser &parser, mlir::ArrayAttr &holds);
void printUnder(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::ArrayAttr holds);

/// `case [_, @predicate] { ... }`, one or more.
mlir::ParseResult parseCases(mlir::OpAsmParser &parser, mlir::ArrayAttr &patterns,
                             llvm::SmallVectorImpl<std::unique_ptr<mlir::Region>> &cases);
void printCases(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::ArrayAttr patterns,
                mlir::MutableArrayRef<mlir::Region> cases);

} // namespace flux

#endif // FLUX_LIB_DIALECT_FLUX_IR_ASSEMBLYDIRECTIVES_H
