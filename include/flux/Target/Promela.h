//===- Promela.h - A model of a program's locking for SPIN --------------------------------------------*- C++ -*-===//

#ifndef FLUX_TARGET_PROMELA_H
#define FLUX_TARGET_PROMELA_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace flux {

/// Writes what `flows` concurrent flows of each source do with the program's locks, in Promela; there is one number for
/// all sources or one for each. SPIN finds an invalid end state in it if and only if so many flows, in so many
/// `sessions`, can deadlock; 0 sessions are as many as could matter. A flow that nothing starts is taken for one that a
/// source starts, as verify-deadlock-free does. The text is as long as the program.
///
/// Refuses a cyclic program, numbers of flows that fit no sources, ranks that only some locks have, and more flows or
/// locks than SPIN has room for.
mlir::LogicalResult writePromela(mlir::ModuleOp program, llvm::ArrayRef<unsigned> flows, unsigned sessions,
                                 llvm::raw_ostream &output);

} // namespace flux

#endif // FLUX_TARGET_PROMELA_H
