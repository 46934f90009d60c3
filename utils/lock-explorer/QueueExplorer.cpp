//===- QueueExplorer.cpp - The explorer's own second opinion: locks with queues ----------------------------------===//
//
// A state says for each flow where it stands and for each lock who waits for it
// in which order. Nothing is derived: a flow that has asked stands in the
// queue, and only the front of a queue is granted, as soon as nobody holds the
// lock in a conflicting mode. All flows wait and no front can be granted: that
// is a deadlock.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "QueueExplorer.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

using namespace explorer;

namespace {

enum class Step : uint8_t { Arrived, Waits, Granted };

/// A flow has arrived at a point, waits there, or has been granted what it
/// asked for there.
struct Flow {
  unsigned session, point;
  Step step;
  auto key() const { return std::tie(session, point, step); }
  bool operator<(const Flow &other) const { return key() < other.key(); }
};

using Flows = std::map<unsigned, Flow>; ///< by a number of their own

/// A lock of the program, or of one session.
using LockId = std::pair<unsigned, unsigned>;

struct State {
  Flows flows;
  std::map<LockId, std::vector<unsigned>> queues; ///< of flows that wait, in the order of asking
  bool operator<(const State &other) const { return std::tie(flows, queues) < std::tie(other.flows, other.queues); }
};

class QueueRun {
public:
  QueueRun(const LockModel &model, unsigned maxFlows, size_t maxStates)
      : model(model), maxFlows(maxFlows), maxStates(maxStates) {}

  /// Whether a deadlock can be reached; nothing if there are too many states.
  std::optional<bool> search();
  size_t states() const { return seen.size(); }

  bool replay(const Verdict &verdict);

private:
  void start(const State &state);
  void advance(const State &state, unsigned number);
  void visit(State state);
  LockId wanted(const Flow &flow) const;
  bool canBeGranted(const State &state, unsigned number) const;
  bool isDeadlock(const State &state) const;
  Held heldBy(const Flow &flow) const;

  const LockModel &model;
  unsigned maxFlows;
  size_t maxStates;
  std::set<State> seen;
  std::deque<const State *> toDo;
};

} // namespace

Verdict explorer::exploreWithQueues(const LockModel &model, unsigned maxFlows, size_t maxStates) {
  Verdict verdict;
  for (unsigned flows = 1; flows <= maxFlows && !verdict.deadlocks; ++flows) {
    QueueRun run(model, flows, maxStates);
    std::optional<bool> deadlocks = run.search();
    if (!deadlocks)
      break;
    verdict.flows = flows;
    verdict.states = run.states();
    verdict.deadlocks = *deadlocks;
  }
  return verdict;
}

bool explorer::deadlocksWithQueues(const LockModel &model, const Verdict &verdict) {
  return QueueRun(model, verdict.flows, 0).replay(verdict);
}

/// Goes the way grant by grant; at its end all flows ask, writers first.
bool QueueRun::replay(const Verdict &verdict) {
  State state;
  auto ask = [&](unsigned number) {
    Flow &flow = state.flows[number];
    flow.step = Step::Waits;
    state.queues[wanted(flow)].push_back(number);
  };
  for (const Move &move : verdict.way) {
    auto mover = state.flows.find(move.flow);
    const std::vector<unsigned> *next = &model.starts;
    if (mover != state.flows.end()) {
      ask(move.flow);
      if (!canBeGranted(state, move.flow))
        return false;
      state.queues.erase(wanted(mover->second)); // nobody else has asked
      next = &model.points[mover->second.point].next;
    }
    if (std::find(next->begin(), next->end(), move.point) == next->end())
      return false;
    state.flows[move.flow] = {verdict.circle[move.flow].session, move.point, Step::Arrived};
  }
  for (bool writes : {true, false})
    for (const auto &[number, flow] : Flows(state.flows))
      if (model.points[flow.point].writes == writes)
        ask(number);
  return isDeadlock(state);
}

std::optional<bool> QueueRun::search() {
  visit({});
  while (!toDo.empty()) {
    const State &state = *toDo.front();
    toDo.pop_front();
    if (isDeadlock(state))
      return true;
    if (seen.size() > maxStates)
      return std::nullopt;
    start(state);
    for (const auto &[number, flow] : state.flows)
      advance(state, number);
  }
  return false;
}

void QueueRun::visit(State state) {
  auto [entry, isNew] = seen.insert(std::move(state));
  if (isNew)
    toDo.push_back(&*entry);
}

/// Starts a flow, in any session and at any start, under the first number that
/// is free.
void QueueRun::start(const State &state) {
  unsigned number = 0;
  while (state.flows.count(number))
    ++number;
  if (number >= maxFlows)
    return;
  for (unsigned session = 0; session != (model.sessionLocks ? maxFlows : 1); ++session)
    for (unsigned point : model.starts) {
      State next = state;
      next.flows[number] = {session, point, Step::Arrived};
      visit(std::move(next));
    }
}

/// Lets one flow do its next step.
void QueueRun::advance(const State &state, unsigned number) {
  const Flow &flow = state.flows.at(number);
  State next = state;
  switch (flow.step) {
  case Step::Arrived:
    next.flows[number].step = Step::Waits;
    next.queues[wanted(flow)].push_back(number);
    return visit(std::move(next));
  case Step::Waits: {
    if (!canBeGranted(state, number))
      return;
    next.flows[number].step = Step::Granted;
    auto queue = next.queues.find(wanted(flow));
    queue->second.erase(queue->second.begin());
    if (queue->second.empty())
      next.queues.erase(queue);
    return visit(std::move(next));
  }
  case Step::Granted:
    for (unsigned point : model.points[flow.point].next) {
      State after = state;
      if (point == ended)
        after.flows.erase(number);
      else
        after.flows[number] = {flow.session, point, Step::Arrived};
      visit(std::move(after));
    }
  }
}

LockId QueueRun::wanted(const Flow &flow) const {
  unsigned lock = model.points[flow.point].lock;
  return {lock, model.sessionLocks >> lock & 1 ? flow.session : 0};
}

Held QueueRun::heldBy(const Flow &flow) const {
  const Point &point = model.points[flow.point];
  Held held = point.held;
  if (flow.step == Step::Granted)
    (point.writes ? held.write : held.read) |= 1u << point.lock;
  return held;
}

/// Whether a flow that waits is at the front and nobody, itself included, holds
/// the lock in a conflicting mode.
bool QueueRun::canBeGranted(const State &state, unsigned number) const {
  const Flow &flow = state.flows.at(number);
  LockId lock = wanted(flow);
  if (state.queues.at(lock).front() != number)
    return false;
  bool isSession = model.sessionLocks >> lock.first & 1;
  return std::none_of(state.flows.begin(), state.flows.end(), [&](const auto &entry) {
    const Flow &other = entry.second;
    Held held = heldBy(other);
    uint32_t excluded = held.write | (model.points[flow.point].writes ? held.read : 0);
    return (excluded >> lock.first & 1) && (!isSession || other.session == flow.session);
  });
}

bool QueueRun::isDeadlock(const State &state) const {
  return !state.flows.empty() && std::all_of(state.flows.begin(), state.flows.end(), [&](const auto &entry) {
    return entry.second.step == Step::Waits && !canBeGranted(state, entry.first);
  });
}
