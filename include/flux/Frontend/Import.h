//===- Import.h - From .flux source text to the flux dialect ----------------------------------------*- C++ -*-===//

#ifndef FLUX_FRONTEND_IMPORT_H
#define FLUX_FRONTEND_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace llvm {
class SourceMgr;
} // namespace llvm

namespace flux {

struct ProgramIndex;

/// Translates the main buffer of `sources`, a .flux program, to a module of the flux dialect. Every op is located at
/// the name in the source that it stands for.
///
/// Reports what is wrong through the diagnostic engine of `context` (all errors that can be told apart, up to a limit)
/// and then returns null. A program that declares nothing becomes an empty module. The module is named after the file.
///
/// Headers named by `include` are searched in the directory of the main buffer, then in the include directories of
/// `sources`; they are read only if a type of the program is not one of C's own.
mlir::OwningOpRef<mlir::ModuleOp> importFlux(llvm::SourceMgr &sources, mlir::MLIRContext *context);

/// The same, and sets `index` to the names of the items that are well formed, whether or not the program has errors.
/// The index is valid as long as `sources`.
mlir::OwningOpRef<mlir::ModuleOp> importFlux(llvm::SourceMgr &sources, mlir::MLIRContext *context, ProgramIndex &index);

} // namespace flux

#endif // FLUX_FRONTEND_IMPORT_H
