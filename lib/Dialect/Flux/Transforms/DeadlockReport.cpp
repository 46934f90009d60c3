//===- DeadlockReport.cpp - Says how flows can wait for each other ------------------------------------------------===//

#include "DeadlockReport.h"
#include "flux/Analysis/ProgramWithMutexes.h"

using namespace mlir;
using namespace flux;

/// The flow or handler whose code contains `op`, or the node that takes a mutex there, for messages.
static std::string nameOfPlace(Operation *op) {
  if (StringRef taker = ProgramWithMutexes::takerOf(op); !taker.empty())
    return taker.str();
  if (auto handler = dyn_cast<HandlerOp>(op))
    return ("handler '" + handler.getFunction() + "'").str();
  return ("flow '" + op->getParentOfType<FlowOp>().getSymName() + "'").str();
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
  bool isMutex(unsigned lock) const { return ProgramWithMutexes::isMutex(contexts.locks()[lock]); }
  std::string nameOf(unsigned lock) const;
  std::string describe(HeldLock wanted) const;
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

std::string DeadlockNotes::nameOf(unsigned lock) const {
  return ((isMutex(lock) ? "mutex '" : "'") + contexts.name(lock) + "'").str();
}

/// What a flow does to a lock: `write 'cache'`, `lock mutex 'log' for reading`.
std::string DeadlockNotes::describe(HeldLock wanted) const {
  if (!isMutex(wanted.lock))
    return (stringifyLockMode(wanted.mode) + " " + nameOf(wanted.lock)).str();
  return "lock " + nameOf(wanted.lock) + (wanted.mode == LockMode::Read ? " for reading" : "");
}

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
  note << nameOfPlace(place) << session << " waits here to " << describe(point.wanted);
  StringRef separator = " and holds ";
  for (HeldLock held : point.may) {
    note << separator << nameOf(held.lock);
    separator = ", ";
  }
  for (HeldLock held : point.may) {
    ConstrainedOp taken = contexts.whereTaken(place, held.lock);
    if (taken && shown.insert({taken, held.lock}).second)
      diag.attachNote(taken->getLoc()) << nameOfPlace(taken) << " takes " << nameOf(held.lock) << " here"
                                       << (isMutex(held.lock) ? "" : " to " + stringifyLockMode(held.mode));
  }
}

/// Nobody waits for a point any more that takes what it wants together with what the point before it waits for.
void DeadlockNotes::suggest() {
  const std::vector<WaitingFlow> &circle = deadlock.circle;
  for (size_t index = 0; index != circle.size(); ++index) {
    const WaitPoint &point = circle[index].point;
    unsigned held = circle[(index + circle.size() - 1) % circle.size()].point.wanted.lock;
    if (isMutex(point.wanted.lock) || isMutex(held) || !point.may.contains(held))
      continue;
    if (ConstrainedOp taken = contexts.whereTaken(placeOf(point), held)) {
      diag.attachNote(taken->getLoc()) << "taking '" << contexts.name(point.wanted.lock) << "' here, together with '"
                                       << contexts.name(held) << "', would break the circle";
      return;
    }
  }
}

InFlightDiagnostic flux::reportDeadlock(const LockContexts &contexts, const Deadlock &deadlock) {
  const WaitPoint &first = deadlock.circle.empty() ? deadlock.obstacle.point : deadlock.circle.front().point;
  InFlightDiagnostic diag = mlir::emitError(contexts.acquisitions()[first.acquisition].where->getLoc());
  DeadlockNotes notes(diag, contexts, deadlock);
  if (!deadlock.circle.empty()) {
    diag << deadlock.circle.size() << " flows can wait for each other in a circle";
    notes.describeCircle();
    return diag;
  }
  if (deadlock.isGivenUp)
    diag << "cannot tell whether flows can wait for each other in a circle: locks are taken in too many orders";
  else
    diag << "no flows can wait for each other in a circle, but no proof of this was found that others can check";
  notes.describeObstacle();
  return diag;
}
