//===- MLIRGen.h - From a checked program to the flux dialect ----------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_FRONTEND_MLIRGEN_H
#define FLUX_LIB_FRONTEND_MLIRGEN_H

#include "Diagnostics.h"
#include "ResolvedProgram.h"
#include "TypeTable.h"
#include "mlir/IR/OwningOpRef.h"

namespace flux::frontend {

/// Builds the module of a program in which no error was found: its locks in order of first mention, then its other
/// items in textual order.
///
///   - A constraint of a node becomes a `flux.constrained` around each call of it; that of a flow, one around the
///   flow's
///     body; that of a handler's function, the handler's own.
///   - A source calls and starts its functions outside any flow. Where one of them is a node with a constraint, a flow
///   of its
///     own holds it: `Listen.source` around a source's function, `Echo.flow` around a target.
mlir::OwningOpRef<mlir::ModuleOp> generate(const ast::Program &program, const ResolvedProgram &resolved,
                                           const TypeTable &types, const Diagnostics &locations,
                                           mlir::MLIRContext *context);

} // namespace flux::frontend

#endif // FLUX_LIB_FRONTEND_MLIRGEN_H
