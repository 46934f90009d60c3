//===- LoopExplorer.cpp - Runs flows on event loops in every order -----------------------------------------------===//
//
// On a loop one flow runs at a time, until it parks: in a node that may block, or in the queue of a lock that it cannot
// have. Then the loop turns to any flow that may go on: whose node has returned, or to which a lock was handed; or it
// begins a call of a source, or what a source starts. Loops do one step after the other in any order. The flows of a
// session stay on one loop. With a thread for each flow nobody waits for a loop.
//
// Locks are FIFO-fair: nobody overtakes a queue, and who frees a lock hands it to the front, one writer or several
// readers. Who comes while the lock is free or shared, and nobody queues, has it.
//
// Flows without a name of their own: a state is a sorted list of them.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "LoopExplorer.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <optional>
#include <unordered_map>

using namespace explorer;

namespace {

enum class Phase : uint8_t { Running, InNode, Queued, Granted };

constexpr uint8_t noSource = 255;

struct Flow {
  uint16_t place;
  uint8_t session, loop;
  uint8_t source; ///< whose call it is, or none
  Phase phase;
  uint8_t ticket; ///< its place in the queue
  auto key() const { return std::tie(place, session, loop, source, phase, ticket); }
  bool operator<(const Flow &other) const { return key() < other.key(); }
  bool operator==(const Flow &other) const { return key() == other.key(); }
};

using State = llvm::SmallVector<Flow, 4>;

struct StateHash {
  size_t operator()(const State &state) const {
    llvm::hash_code hash = 0;
    for (const Flow &flow : state)
      hash =
          llvm::hash_combine(hash, flow.place, flow.session, flow.loop, flow.source, uint8_t(flow.phase), flow.ticket);
    return hash;
  }
};

class LoopRun {
public:
  LoopRun(const LoopModel &model, LoopSetting setting, LoopLimits limits)
      : model(model), setting(setting), limits(limits) {}

  /// Nothing if there are too many states.
  std::optional<LoopVerdict> search();

private:
  void step(const State &state);
  void advance(const State &state, size_t index);
  void goOn(const State &state, size_t index);
  void ask(const State &state, size_t index);
  void start(const State &state, unsigned loop);
  void startAt(const State &state, Flow flow, const std::vector<unsigned> &places);
  void visit(State state);
  void handOver(State &state) const;

  bool isIdle(const State &state, unsigned loop) const;
  bool meet(const Flow &a, const Flow &b, uint32_t locks) const;
  Held heldBy(const Flow &flow) const;
  bool isHeld(const State &state, const Flow &by) const;
  bool wantSame(const Flow &a, const Flow &b) const;
  bool runs(const Flow &flow) const;
  bool overlaps(const State &state) const;
  bool isDeadlock(const State &state) const;
  std::string describe(unsigned number) const;
  void describe(const State &state, llvm::raw_ostream &os) const;

  const LoopModel &model;
  LoopSetting setting;
  LoopLimits limits;
  std::unordered_map<State, unsigned, StateHash> numbers;
  std::vector<std::pair<const State *, unsigned>> states; ///< each with the number of the one before
  unsigned current = 0;
};

} // namespace

LoopVerdict explorer::exploreLoops(const LoopModel &model, LoopSetting setting, LoopLimits limits) {
  LoopVerdict last;
  LoopLimits some = limits;
  for (some.flows = 1; some.flows <= limits.flows && last.fault == LoopFault::None; ++some.flows) {
    std::optional<LoopVerdict> verdict = LoopRun(model, setting, some).search();
    if (!verdict)
      break;
    last = *verdict;
  }
  return last;
}

std::optional<LoopVerdict> LoopRun::search() {
  visit({});
  for (current = 0; current != states.size(); ++current) {
    const State &state = *states[current].first;
    if (overlaps(state))
      return LoopVerdict{LoopFault::Overlap, limits.flows, describe(current)};
    if (isDeadlock(state))
      return LoopVerdict{LoopFault::Deadlock, limits.flows, describe(current)};
    if (states.size() > limits.states)
      return std::nullopt;
    step(state);
  }
  return LoopVerdict{LoopFault::None, limits.flows, ""};
}

//===-------------------------------------------------------------------------------------------------------------===//
// Steps
//===-------------------------------------------------------------------------------------------------------------===//

void LoopRun::step(const State &state) {
  for (size_t index = 0; index != state.size(); ++index)
    if (state[index].phase == Phase::Running || isIdle(state, state[index].loop))
      advance(state, index);
  if (state.size() == limits.flows)
    return;
  for (unsigned loop = 0; loop != std::max(1u, setting.loops); ++loop)
    if (isIdle(state, loop))
      start(state, loop);
}

/// Without loops, nobody waits for one.
bool LoopRun::isIdle(const State &state, unsigned loop) const {
  return setting.loops == 0 || std::none_of(state.begin(), state.end(), [&](const Flow &flow) {
           return flow.loop == loop && flow.phase == Phase::Running;
         });
}

void LoopRun::advance(const State &state, size_t index) {
  const Flow &flow = state[index];
  const Place &place = model.places[flow.place];
  if (flow.phase == Phase::Queued)
    return;
  if (flow.phase != Phase::Running)
    return goOn(state, index);
  if (place.asks)
    return ask(state, index);
  if (!place.parks)
    return goOn(state, index);
  State next = state;
  next[index].phase = Phase::InNode;
  visit(std::move(next));
}

/// Lets a flow go to what comes after its place.
void LoopRun::goOn(const State &state, size_t index) {
  for (unsigned place : model.places[state[index].place].next) {
    State next = state;
    if (place == ended) {
      next.erase(next.begin() + index);
    } else {
      next[index].place = place;
      next[index].phase = Phase::Running;
    }
    handOver(next);
    visit(std::move(next));
  }
}

void LoopRun::ask(const State &state, size_t index) {
  uint8_t waiting = std::count_if(state.begin(), state.end(), [&](const Flow &other) {
    return other.phase == Phase::Queued && wantSame(other, state[index]);
  });
  if (waiting == 0 && !isHeld(state, state[index]))
    return goOn(state, index);
  State next = state;
  next[index].phase = Phase::Queued;
  next[index].ticket = waiting;
  visit(std::move(next));
}

/// Gives locks that are free to the front of their queues.
void LoopRun::handOver(State &state) const {
  bool changes = true;
  while (changes) {
    changes = false;
    for (Flow &front : state) {
      if (front.phase != Phase::Queued || front.ticket != 0 || isHeld(state, front))
        continue;
      front.phase = Phase::Granted;
      for (Flow &behind : state)
        if (behind.phase == Phase::Queued && wantSame(behind, front))
          --behind.ticket;
      changes = true;
    }
  }
}

void LoopRun::start(const State &state, unsigned loop) {
  auto begin = [&](unsigned session, unsigned source, const std::vector<unsigned> &places) {
    startAt(state, {0, uint8_t(session), uint8_t(loop), uint8_t(source), Phase::Running, 0}, places);
  };
  for (unsigned source = 0; source != model.calls.size(); ++source) {
    bool overlapping = std::any_of(state.begin(), state.end(), [&](const Flow &flow) { return flow.source == source; });
    if (!overlapping || !setting.callsSourcesInTurn)
      begin(0, source, model.calls[source]);
    if (!model.sessionLocks) {
      begin(0, noSource, model.targets[source]);
      continue;
    }
    for (unsigned session = 0; session != limits.sessions; ++session)
      if (!setting.loops || session % setting.loops == loop)
        begin(session, noSource, model.targets[source]);
  }
}

void LoopRun::startAt(const State &state, Flow flow, const std::vector<unsigned> &places) {
  for (unsigned place : places) {
    State next = state;
    next.push_back(flow);
    next.back().place = place;
    visit(std::move(next));
  }
}

void LoopRun::visit(State state) {
  std::sort(state.begin(), state.end());
  auto [entry, isNew] = numbers.try_emplace(std::move(state), states.size());
  if (isNew)
    states.push_back({&entry->first, current});
}

//===-------------------------------------------------------------------------------------------------------------===//
// What is the case
//===-------------------------------------------------------------------------------------------------------------===//

/// Whether two flows mean the same by one of these locks.
bool LoopRun::meet(const Flow &a, const Flow &b, uint32_t locks) const {
  return (a.session == b.session ? locks : locks & ~model.sessionLocks) != 0;
}

Held LoopRun::heldBy(const Flow &flow) const {
  const Place &place = model.places[flow.place];
  Held held = place.held;
  if (flow.phase == Phase::Granted)
    (place.writes ? held.write : held.read) |= 1u << place.lock;
  return held;
}

/// Whether another flow holds what this one asks for.
bool LoopRun::isHeld(const State &state, const Flow &by) const {
  const Place &place = model.places[by.place];
  return std::any_of(state.begin(), state.end(), [&](const Flow &other) {
    Held held = heldBy(other);
    return &other != &by && meet(by, other, (held.write | (place.writes ? held.read : 0)) & 1u << place.lock);
  });
}

bool LoopRun::wantSame(const Flow &a, const Flow &b) const {
  unsigned lock = model.places[a.place].lock;
  return lock == model.places[b.place].lock && meet(a, b, 1u << lock);
}

bool LoopRun::runs(const Flow &flow) const {
  return !model.places[flow.place].asks && (flow.phase == Phase::Running || flow.phase == Phase::InNode);
}

bool LoopRun::overlaps(const State &state) const {
  for (const Flow &flow : state)
    for (const Flow &other : state) {
      const Held &a = model.places[flow.place].inside, &b = model.places[other.place].inside;
      if (&flow != &other && runs(flow) && meet(flow, other, (a.write & (b.read | b.write)) | (a.read & b.write)))
        return true;
    }
  return false;
}

bool LoopRun::isDeadlock(const State &state) const {
  return !state.empty() &&
         std::all_of(state.begin(), state.end(), [](const Flow &flow) { return flow.phase == Phase::Queued; });
}

//===-------------------------------------------------------------------------------------------------------------===//
// What has happened
//===-------------------------------------------------------------------------------------------------------------===//

std::string LoopRun::describe(unsigned number) const {
  std::vector<unsigned> way;
  for (; number != 0; number = states[number].second)
    way.push_back(number);
  std::string result;
  llvm::raw_string_ostream os(result);
  for (auto each = way.rbegin(); each != way.rend(); ++each)
    describe(*states[*each].first, os);
  return result;
}

void LoopRun::describe(const State &state, llvm::raw_ostream &os) const {
  auto locks = [&](Held held) {
    std::string names;
    for (unsigned lock = 0; lock != model.lockNames.size(); ++lock)
      if ((held.read | held.write) >> lock & 1)
        names += model.lockNames[lock] + (held.write >> lock & 1 ? "!" : "?");
    return names.empty() ? "nothing" : names;
  };
  for (const Flow &flow : state) {
    const Place &place = model.places[flow.place];
    os << (&flow == state.begin() ? "  " : " | ") << "place " << flow.place << " of session " << unsigned(flow.session)
       << " on loop " << unsigned(flow.loop) << " in " << locks(place.inside) << " with " << locks(place.held);
    if (place.asks)
      os << (flow.phase == Phase::Queued    ? " waits for "
             : flow.phase == Phase::Granted ? " gets "
                                            : " asks for ")
         << model.lockNames[place.lock] << (place.writes ? "!" : "?");
    else
      os << (flow.phase == Phase::InNode ? " is in a node" : " runs");
  }
  os << "\n";
}
