//===- Programs.h - Programs in Flux, in the compiler and as other tools see them ----------------------*- C++ -*-===//

#ifndef FLUX_UTILS_LOCKEXPLORER_PROGRAMS_H
#define FLUX_UTILS_LOCKEXPLORER_PROGRAMS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/Pass.h"
#include "llvm/Support/JSON.h"

namespace explorer {

/// Null after an error, which is reported.
mlir::OwningOpRef<mlir::ModuleOp> importText(const std::string &text, const std::string &name,
                                             mlir::MLIRContext &context);

/// Whether the pass succeeds.
bool runPass(mlir::ModuleOp program, std::unique_ptr<mlir::Pass> pass);

/// Gives the locks ranks: those in the order that the proof assumes without any.
void rankLocks(mlir::ModuleOp program);

/// What flux-translate --flux-to-json says of it.
llvm::json::Value graphOf(mlir::ModuleOp program);

} // namespace explorer

#endif // FLUX_UTILS_LOCKEXPLORER_PROGRAMS_H
