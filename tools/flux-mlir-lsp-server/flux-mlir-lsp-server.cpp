//===- flux-mlir-lsp-server.cpp - Serves editors of .mlir files with the flux dialect -----------------------------===//

#include "flux/Dialect/Flux/IR/Flux.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<flux::FluxDialect, mlir::LLVM::LLVMDialect>();
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
