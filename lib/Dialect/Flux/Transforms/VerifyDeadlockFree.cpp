//===- VerifyDeadlockFree.cpp - Proves that no execution can deadlock on Flux's locks -----------------------------===//
//
// The check reads nothing but the program it is given: which contexts each flow may be entered in (LockContexts.h), and
// whether flows at points reached in those contexts can wait for each other in a circle (Deadlock.h). A program is
// accepted by a proof that others can check, and refused with the circle that was found. Where the locks have ranks, a
// region takes its locks in that order; where none has, in an order that agrees with the program as far as any does
// (LockOrder.h), which is what a compiler would choose.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "flux/Analysis/Certificate.h"
#include "flux/Analysis/Deadlock.h"
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
  void reportDeadlock(const LockContexts &contexts, const Deadlock &deadlock);
};

} // namespace

/// The flow or handler whose code contains `op`, for messages.
static std::string nameOfPlace(Operation *op) {
  if (auto handler = dyn_cast<HandlerOp>(op))
    return ("handler '" + handler.getFunction() + "'").str();
  return ("flow '" + op->getParentOfType<FlowOp>().getSymName() + "'").str();
}

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
    reportDeadlock(contexts, *deadlock);
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
}

namespace {
/// The notes of one refusal.
class DeadlockNotes {
public:
  DeadlockNotes(InFlightDiagnostic &diag, const LockContexts &contexts, const Deadlock &deadlock)
      : diag(diag), contexts(contexts), deadlock(deadlock) {}

  void describeCircle();
  void describeObstacle();

private:
  Operation *placeOf(const WaitPoint &point) const { return contexts.acquisitions()[point.acquisition].where; }
  bool hasSessionLock() const;
  void describe(const WaitPoint &point, StringRef session);
  void suggest();

  InFlightDiagnostic &diag;
  const LockContexts &contexts;
  const Deadlock &deadlock;
  llvm::DenseSet<std::pair<Operation *, unsigned>> shown;
};
} // namespace

/// Whether it matters which flows of the circle are of one session.
bool DeadlockNotes::hasSessionLock() const {
  auto isSession = [&](HeldLock held) { return LockOp(contexts.locks()[held.lock]).getScope() == LockScope::Session; };
  return llvm::any_of(deadlock.circle, [&](const WaitingFlow &flow) {
    return isSession(flow.point.wanted) || llvm::any_of(flow.point.may, isSession);
  });
}

void DeadlockNotes::describeCircle() {
  llvm::SmallDenseMap<unsigned, size_t> numbers;
  bool showsSessions = hasSessionLock();
  for (const WaitingFlow &flow : deadlock.circle) {
    size_t number = numbers.try_emplace(flow.session, numbers.size() + 1).first->second;
    describe(flow.point, showsSessions ? " in session " + std::to_string(number) : "");
  }
  suggest();
}

void DeadlockNotes::describeObstacle() {
  const auto &[point, held] = deadlock.obstacle;
  describe(point, "");
  if (ConstrainedOp taken = contexts.whereTaken(placeOf(point), held))
    diag.attachNote(taken->getLoc()) << "taking '" << contexts.name(point.wanted.lock) << "' here, together with '"
                                     << contexts.name(held) << "', would spare the proof this wait";
}

/// Says what a flow at `point` holds, where it took it, and what it waits for.
void DeadlockNotes::describe(const WaitPoint &point, StringRef session) {
  Operation *place = placeOf(point);
  Diagnostic &note = diag.attachNote(place->getLoc());
  note << nameOfPlace(place) << session << " waits here to " << stringifyLockMode(point.wanted.mode) << " '"
       << contexts.name(point.wanted.lock) << "'";
  StringRef separator = " and holds ";
  for (HeldLock held : point.may) {
    note << separator << "'" << contexts.name(held.lock) << "'";
    separator = ", ";
  }
  for (HeldLock held : point.may) {
    ConstrainedOp taken = contexts.whereTaken(place, held.lock);
    if (taken && shown.insert({taken, held.lock}).second)
      diag.attachNote(taken->getLoc()) << nameOfPlace(taken) << " takes '" << contexts.name(held.lock) << "' here to "
                                       << stringifyLockMode(held.mode);
  }
}

/// Nobody waits for a point any more that takes what it wants together with what the point before it waits for.
void DeadlockNotes::suggest() {
  const std::vector<WaitingFlow> &circle = deadlock.circle;
  for (size_t index = 0; index != circle.size(); ++index) {
    const WaitPoint &point = circle[index].point;
    unsigned held = circle[(index + circle.size() - 1) % circle.size()].point.wanted.lock;
    if (!modeOf(point.may, held))
      continue;
    if (ConstrainedOp taken = contexts.whereTaken(placeOf(point), held)) {
      diag.attachNote(taken->getLoc()) << "taking '" << contexts.name(point.wanted.lock) << "' here, together with '"
                                       << contexts.name(held) << "', would break the circle";
      return;
    }
  }
}

void VerifyDeadlockFree::reportDeadlock(const LockContexts &contexts, const Deadlock &deadlock) {
  const WaitPoint &first = deadlock.circle.empty() ? deadlock.obstacle.point : deadlock.circle.front().point;
  InFlightDiagnostic diag = mlir::emitError(contexts.acquisitions()[first.acquisition].where->getLoc());
  DeadlockNotes notes(diag, contexts, deadlock);
  if (!deadlock.circle.empty()) {
    diag << deadlock.circle.size() << " flows can wait for each other in a circle";
    return notes.describeCircle();
  }
  if (deadlock.isGivenUp)
    diag << "cannot tell whether flows can wait for each other in a circle: locks are taken in too many orders";
  else
    diag << "no flows can wait for each other in a circle, but no proof of this was found that others can check";
  notes.describeObstacle();
}
