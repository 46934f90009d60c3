//===- LoadProgram.h - Reads a program in either of its forms ----------------------------------------*- C++ -*-===//

#ifndef FLUX_DRIVER_LOADPROGRAM_H
#define FLUX_DRIVER_LOADPROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/SourceMgr.h"

namespace flux {

/// Whether a buffer holds MLIR rather than Flux: by the extension of its name or, for standard input, by how it begins.
bool isMLIR(llvm::MemoryBufferRef buffer);

/// Reads the main buffer of `sources`, .flux or .mlir. Errors go to the context's diagnostic engine; null after any.
mlir::OwningOpRef<mlir::ModuleOp> loadProgram(const std::shared_ptr<llvm::SourceMgr> &sources,
                                              mlir::MLIRContext *context);

} // namespace flux

#endif // FLUX_DRIVER_LOADPROGRAM_H
