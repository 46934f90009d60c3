//===- ProgramWithMutexes.h - A program in which the nodes' mutexes are locks -------------------------*- C++ -*-===//
//
// A copy of a program, for analyses of locks only, in which each mutex of the nodes is one more lock. In front of each
// call of a node stands what the node waits for: a region for each mutex that it holds, one inside the other, and
// innermost one for the mutex that it wants. A mutex that a node keeps is held around the steps behind it, up to
// and with the one that releases it.
//
//   Serve = Log -> Send;            constrained [@"log_lock"] { constrained [@"file_lock"] {} }   // of Log
//                                   call @Log
//                                   call @Send
//
// Predicates stand in front of their dispatch. Handlers, sources and nodes that a source starts, which are in no flow,
// get flows of their own.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_PROGRAMWITHMUTEXES_H
#define FLUX_ANALYSIS_PROGRAMWITHMUTEXES_H

#include "flux/Analysis/NodeLocks.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SetVector.h"

namespace flux {

class ProgramWithMutexes {
public:
  /// Copies `program`, whose locks all have ranks. The code of nodes that is not there takes no mutexes.
  ProgramWithMutexes(mlir::ModuleOp program, const NodeCode &code);

  mlir::ModuleOp module() const { return *copy; }
  /// Whether any node takes a mutex. If none does, the copy is the program.
  bool hasMutexes() const { return !locks.empty(); }
  /// The functions of which not every way was followed.
  llvm::ArrayRef<llvm::StringRef> incomplete() const { return unfollowed.getArrayRef(); }

  /// The node, predicate or handler that takes a mutex at this region of the copy, as `node 'Log'`; empty at a
  /// constraint of the program's own.
  static llvm::StringRef takerOf(mlir::Operation *region);
  /// Whether a lock of the copy is a mutex of the nodes.
  static bool isMutex(LockOp lock);

private:
  const LockUse &useOf(llvm::StringRef function);
  void addMutexes(mlir::Block &block);
  void addBefore(mlir::Operation *op, llvm::StringRef kind, llvm::StringRef function);
  void keepBehind(CallOp call);
  bool releases(mlir::Operation &op, unsigned mutex);
  void addFlow(llvm::StringRef kind, llvm::StringRef function, mlir::ArrayAttr holds, mlir::Location where);
  ConstrainedOp addRegion(mlir::OpBuilder &builder, mlir::Location where, HeldMutex mutex, llvm::StringRef taker);
  mlir::FlatSymbolRefAttr lockOf(unsigned mutex);

  NodeLocks nodeLocks;
  mlir::OwningOpRef<mlir::ModuleOp> copy;
  mlir::SymbolTable symbols;
  std::vector<mlir::FlatSymbolRefAttr> locks; ///< by mutex
  llvm::SetVector<llvm::StringRef> unfollowed;
  llvm::DenseMap<std::pair<mlir::Operation *, unsigned>, bool> flowReleases;
  unsigned ranks = 0;
};

} // namespace flux

#endif // FLUX_ANALYSIS_PROGRAMWITHMUTEXES_H
