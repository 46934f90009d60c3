//===- ReachableHandlers.h - Which handlers an error can reach ----------------------------------------*- C++ -*-===//
//
// A handler runs only where its function can fail and no other handler takes the error first. A node can always fail; a
// flow can if a dispatch in it has no catch-all, or if it calls something that can fail and no handler there is certain
// to take the error. Which flows are running around a place is followed from the entry points inwards, once as those
// that may be and once as those that must be: what is said not to be reached never is.
//
//===-------------------------------------------------------------------------------------------------------------===//

#ifndef FLUX_ANALYSIS_REACHABLEHANDLERS_H
#define FLUX_ANALYSIS_REACHABLEHANDLERS_H

#include "flux/Analysis/FlowGraph.h"
#include "flux/Analysis/HandlerScopes.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"

namespace flux {

/// The handlers of a program, whose flows are acyclic, that may run.
class ReachableHandlers {
public:
  ReachableHandlers(mlir::ModuleOp program, const FlowGraph &graph);

  bool contains(HandlerOp handler) const { return reached.contains(handler); }

private:
  /// The ways of HandlerScopes whose flows may be running, and those whose flows are running for certain.
  struct Running {
    llvm::BitVector may, must;
  };

  void enterFlow(unsigned flow, const Running &outside);
  bool canFail(mlir::Block &block, const Running &running);
  bool callCanFail(llvm::StringRef callee, const Running &running);

  const FlowGraph &graph;
  HandlerScopes scopes;
  std::vector<Running> runningIn; ///< each flow, itself included
  std::vector<bool> flowCanFail;
  llvm::DenseSet<mlir::Operation *> reached;
};

} // namespace flux

#endif // FLUX_ANALYSIS_REACHABLEHANDLERS_H
