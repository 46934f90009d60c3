//===- VerifyDeadlockFree.cpp - Proves that no execution can deadlock on Flux's locks -----------------------------===//
//
// The check reads nothing but the program it is given: which contexts each flow may be entered in (LockContexts.h), and
// whether flows at points reached in those contexts can wait for each other in a circle (Deadlock.h). A program is
// accepted by a proof that others can check, and refused with the circle that was found. Where the locks have ranks, a
// region takes its locks in that order; where none has, in an order that agrees with the program as far as any does
// (LockOrder.h), which is what a compiler would choose.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "DeadlockReport.h"
#include "flux/Analysis/Certificate.h"
#include "flux/Dialect/Flux/Transforms/Passes.h"
#include "flux/Support/Files.h"

namespace flux {
#define GEN_PASS_DEF_VERIFYDEADLOCKFREE
#include "flux/Dialect/Flux/Transforms/Passes.h.inc"
} // namespace flux

using namespace mlir;
using namespace flux;

namespace {

struct VerifyDeadlockFree : flux::impl::VerifyDeadlockFreeBase<VerifyDeadlockFree> {
  using VerifyDeadlockFreeBase::VerifyDeadlockFreeBase;
  void runOnOperation() override;

private:
  LogicalResult saveCertificate(const LockContexts &contexts, ArrayRef<unsigned> order);
  void reportUpgrade(const LockContexts &contexts, const Upgrade &upgrade);
  void explain(InFlightDiagnostic diag);
};

} // namespace

void VerifyDeadlockFree::runOnOperation() {
  if (failed(verifyIsProgram(getOperation())))
    return signalPassFailure();
  if (getOperation().getBody()->empty())
    getOperation().emitWarning() << "the program is empty, so there is nothing to prove";
  FlowGraph graph(getOperation());
  if (failed(verifyAcyclic(graph)))
    return signalPassFailure();
  LockContexts contexts(getOperation(), graph);
  FailureOr<SmallVector<unsigned>> order = findLockOrder(contexts);
  if (failed(order))
    return signalPassFailure();

  for (const Upgrade &upgrade : contexts.upgrades())
    reportUpgrade(contexts, upgrade);
  std::optional<Deadlock> deadlock = findDeadlock(contexts, *order);
  if (deadlock)
    explain(reportDeadlock(contexts, *deadlock));
  if (deadlock || !contexts.upgrades().empty() || failed(saveCertificate(contexts, *order)))
    return signalPassFailure();
  markAllAnalysesPreserved();
}

LogicalResult VerifyDeadlockFree::saveCertificate(const LockContexts &contexts, ArrayRef<unsigned> order) {
  if (certificate.empty())
    return success();
  std::string text;
  llvm::raw_string_ostream os(text);
  writeCertificate(contexts, order, os);
  std::string error = writeFile(certificate, text);
  return error.empty() ? success() : getOperation().emitError(error);
}

void VerifyDeadlockFree::reportUpgrade(const LockContexts &contexts, const Upgrade &upgrade) {
  StringRef name = contexts.name(upgrade.lock);
  InFlightDiagnostic diag = mlir::emitError(upgrade.where->getLoc())
                            << "'" << name
                            << "' is taken for writing here where it is held for reading: two flows that "
                            << "do so wait for each other";
  if (ConstrainedOp outer = contexts.whereTaken(upgrade.where, upgrade.lock))
    diag.attachNote(outer->getLoc()) << "it is taken for reading here; taking it for writing here, too, mends this";
  explain(std::move(diag));
}

/// Says why the compiler accepts what is refused here: it changes the program first.
void VerifyDeadlockFree::explain(InFlightDiagnostic diag) {
  if (llvm::none_of(getOperation().getOps<LockOp>(), [](LockOp lock) { return lock.getRank().has_value(); }))
    diag.attachNote()
        << "this is the program as it is written; 'fluxc check', '--flux-check' and every build first change "
           "how its flows take locks ('--flux-assign-lock-order'), and accept it then";
}
