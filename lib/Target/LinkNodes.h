//===- LinkNodes.h - Flows and the bitcode of their nodes as one module ------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_TARGET_LINKNODES_H
#define FLUX_LIB_TARGET_LINKNODES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"

namespace flux {

/// Links the bitcode of nodes into the module of a program's flows, so that the optimiser sees both, and says
/// afterwards what came of it. Made before the module is optimised, asked afterwards.
class LinkedNodes {
public:
  /// `program` is the program in the llvm dialect, `module` its translation. Both outlive this.
  LinkedNodes(mlir::ModuleOp program, llvm::Module &module);
  ~LinkedNodes();

  /// Links the files into the module. Reports and fails where one cannot be read, is for another target, or defines
  /// what it must not; and if they `areAll` there is, where a function that the program needs is missing.
  mlir::LogicalResult link(llvm::ArrayRef<std::string> bitcodeFiles, bool areAll);

  /// A remark for each node: it has become part of the flows, or why it is still called.
  void report();

private:
  class Listener;

  mlir::LogicalResult linkFile(const std::string &file);
  void compileLikeNodes(llvm::ArrayRef<llvm::Function *> flows);

  mlir::ModuleOp program;
  llvm::Module &module;
  Listener *listener; // the LLVM context's
};

} // namespace flux

#endif // FLUX_LIB_TARGET_LINKNODES_H
