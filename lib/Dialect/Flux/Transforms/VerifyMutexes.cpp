//===- VerifyMutexes.cpp - Looks for deadlocks with the nodes' own mutexes ----------------------------------------===//
//
// The proof of verify-deadlock-free is about constraints. Where the nodes' bitcode shows that they take mutexes which
// have a name, these become locks of a copy of the program (ProgramWithMutexes.h), and the same search looks for a
// circle there. Such a circle is an error as one of constraints alone is; that there is none proves nothing of mutexes
// which the bitcode does not show.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "DeadlockReport.h"
#include "NodeFiles.h"
#include "flux/Analysis/Deadlock.h"
#include "flux/Analysis/ProgramWithMutexes.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"

namespace flux {
#define GEN_PASS_DEF_FLUXVERIFYMUTEXES
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct VerifyMutexes : flux::impl::FluxVerifyMutexesBase<VerifyMutexes> {
  using FluxVerifyMutexesBase::FluxVerifyMutexesBase;
  void runOnOperation() override;
};

} // namespace

void VerifyMutexes::runOnOperation() {
  markAllAnalysesPreserved();
  if (failed(verifyIsProgram(getOperation())))
    return signalPassFailure();
  NodeCode code;
  if (failed(addNodeCode(code, nodes, getOperation())))
    return signalPassFailure();
  ProgramWithMutexes program(getOperation(), code);
  for (StringRef function : program.incomplete())
    mlir::emitRemark(getOperation().getLoc())
        << "not every way through '" << function << "' was looked at for mutexes: there are too many";
  if (!program.hasMutexes())
    return;
  FlowGraph graph(program.module());
  LockContexts contexts(program.module(), graph);
  FailureOr<SmallVector<unsigned>> order = findLockOrder(contexts);
  if (failed(order))
    return signalPassFailure();
  std::optional<Deadlock> deadlock = findDeadlock(contexts, *order);
  if (deadlock && !deadlock->circle.empty()) {
    reportDeadlock(contexts, *deadlock);
    signalPassFailure();
  } else if (deadlock) {
    mlir::emitRemark(getOperation().getLoc())
        << "cannot tell whether flows can wait for each other in a circle through the nodes' mutexes";
  }
}
