//===- Explorer.cpp - Runs several flows in every order and looks for deadlocks ----------------------------------===//
//
// A state says at which point each flow stands. Locks are fair: who asks for one queues behind those who wait for it
// already, only readers together pass a lock that is held for reading. The states have no queues, and need none:
//
// A deadlock consists of flows that each stand at a point and have asked. Replay the grants that led there in the same
// order, but let nobody ask before it is granted, and let everybody release at once what he need not hold until his
// next point: each grant is still possible, as fewer flows hold and none waits. In the end each stands at his point,
// and they ask in the same order as before. So a deadlock can be reached iff a state can be reached by immediate grants
// from which all flows can be made to wait by asking, writers first. A writer then waits iff another holds the lock, a
// reader iff another holds it for writing or a writer waits for it.
//
// Flows of one session are interchangeable, and so are sessions: a state is a sorted list of sorted lists of points.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Explorer.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <deque>
#include <unordered_set>

using namespace explorer;

namespace {

struct Flow {
  unsigned session, point;
  bool operator==(const Flow &other) const { return session == other.session && point == other.point; }
};

using State = llvm::SmallVector<Flow, 8>;

struct StateHash {
  size_t operator()(const State &state) const {
    llvm::hash_code hash = 0;
    for (const Flow &flow : state)
      hash = llvm::hash_combine(hash, flow.session, flow.point);
    return hash;
  }
};

class Run {
public:
  Run(const LockModel &model, unsigned maxFlows, size_t maxStates)
      : model(model), maxFlows(maxFlows), maxStates(maxStates) {}

  /// The deadlock, empty if there is none; nothing if there are too many states.
  std::optional<State> search();
  std::string describe(const State &state) const;
  size_t states() const { return seen.size(); }

private:
  void startFlows(const State &state);
  void advanceFlows(const State &state);
  void visit(State state);
  bool meet(const Flow &a, const Flow &b, unsigned lock) const;
  bool mustWait(const State &state, const Flow &flow) const;
  bool isDeadlock(const State &state) const;

  const LockModel &model;
  unsigned maxFlows;
  size_t maxStates;
  std::unordered_set<State, StateHash> seen;
  std::deque<const State *> toDo;
};

} // namespace

Verdict explorer::explore(const LockModel &model, unsigned maxFlows, size_t maxStates) {
  Verdict verdict;
  for (unsigned flows = 1; flows <= maxFlows; ++flows) {
    Run run(model, flows, maxStates);
    std::optional<State> found = run.search();
    if (!found)
      break;
    verdict.flows = flows;
    verdict.states = run.states();
    if (found->empty())
      continue;
    verdict.deadlocks = true;
    verdict.deadlock = run.describe(*found);
    break;
  }
  return verdict;
}

std::optional<State> Run::search() {
  visit({});
  while (!toDo.empty()) {
    const State &state = *toDo.front();
    toDo.pop_front();
    if (isDeadlock(state))
      return state;
    if (seen.size() > maxStates)
      return std::nullopt;
    startFlows(state);
    advanceFlows(state);
  }
  return State();
}

/// Adds a flow in each session that is in use and in one that is not.
void Run::startFlows(const State &state) {
  if (state.size() == maxFlows)
    return;
  unsigned sessions = state.empty() || !model.sessionLocks ? 0 : state.back().session + 1;
  for (unsigned session = 0; session <= sessions; ++session)
    for (unsigned point : model.starts) {
      State next = state;
      next.push_back({session, point});
      visit(std::move(next));
    }
}

void Run::advanceFlows(const State &state) {
  for (size_t index = 0; index != state.size(); ++index) {
    if (index > 0 && state[index] == state[index - 1])
      continue; // the same again
    if (mustWait(state, state[index]))
      continue;
    for (unsigned point : model.points[state[index].point].next) {
      State next = state;
      if (point == ended)
        next.erase(next.begin() + index);
      else
        next[index].point = point;
      visit(std::move(next));
    }
  }
}

/// Brings a state into its normal form and remembers it.
void Run::visit(State state) {
  std::vector<std::vector<unsigned>> sessions(maxFlows + 1);
  for (const Flow &flow : state)
    sessions[flow.session].push_back(flow.point);
  for (std::vector<unsigned> &points : sessions)
    std::sort(points.begin(), points.end());
  std::sort(sessions.begin(), sessions.end(), std::greater<>()); // unused ones last
  state.clear();
  for (unsigned session = 0; session != sessions.size(); ++session)
    for (unsigned point : sessions[session])
      state.push_back({session, point});
  auto [entry, isNew] = seen.insert(std::move(state));
  if (isNew)
    toDo.push_back(&*entry);
}

/// Whether two flows mean the same lock.
bool Run::meet(const Flow &a, const Flow &b, unsigned lock) const {
  return a.session == b.session || !(model.sessionLocks >> lock & 1);
}

/// Whether another flow, or the flow itself, holds what it wants.
bool Run::mustWait(const State &state, const Flow &flow) const {
  const Point &point = model.points[flow.point];
  bool isSelf = false;
  for (const Flow &other : state) {
    bool first = !isSelf && other == flow;
    isSelf |= first;
    const Held &held = model.points[other.point].held;
    uint32_t excluded = held.write | (point.writes ? held.read : 0);
    // A flow asks for what it holds only to write what it reads; no lock here can be upgraded.
    if ((excluded >> point.lock & 1) && (first || meet(flow, other, point.lock)))
      return true;
  }
  return false;
}

bool Run::isDeadlock(const State &state) const {
  auto isBehindWriter = [&](const Flow &flow) {
    unsigned lock = model.points[flow.point].lock;
    return std::any_of(state.begin(), state.end(), [&](const Flow &other) {
      const Point &ahead = model.points[other.point];
      return ahead.writes && ahead.lock == lock && meet(flow, other, lock) && mustWait(state, other);
    });
  };
  return !state.empty() && std::all_of(state.begin(), state.end(), [&](const Flow &flow) {
    return mustWait(state, flow) || (!model.points[flow.point].writes && isBehindWriter(flow));
  });
}

std::string Run::describe(const State &state) const {
  std::string result;
  llvm::raw_string_ostream os(result);
  for (const Flow &flow : state) {
    const Point &point = model.points[flow.point];
    os << "session " << flow.session << " holds";
    for (unsigned lock = 0; lock != model.lockNames.size(); ++lock)
      if ((point.held.read | point.held.write) >> lock & 1)
        os << ' ' << model.lockNames[lock] << (point.held.write >> lock & 1 ? "!" : "?");
    os << ", wants " << model.lockNames[point.lock] << (point.writes ? "!" : "?") << "\n";
  }
  return result;
}
