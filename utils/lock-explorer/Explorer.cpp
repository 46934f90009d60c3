//===- Explorer.cpp - Looks by brute force for flows that wait for each other ------------------------------------===//
//
// Locks are fair: who asks for one queues behind those who wait for it already, only readers together pass a lock that
// is held for reading. Flows in any number run in any sessions, in any order. Of all that, this looks only at circles
// of flows that stand at points and want what the next of them has, and at the ways to them. Nothing is lost:
//
// 1. Queues. A deadlock consists of flows that each stand at a point and have asked. Replay the grants that led there
//    in the same order, but let nobody ask before it is granted, and let everybody release at once what he need not
//    hold until his next point: each grant is still possible, as fewer flows hold and none waits. In the end each
//    stands at his point, and they ask in the same order as before. So a deadlock can be reached iff immediate grants
//    can lead to flows all of which can be made to wait by asking, writers first: a writer waits iff another holds the
//    lock, a reader iff another holds it for writing or a writer waits for it.
// 2. Other flows. The replay may leave out the grants to any flow: then still fewer hold. So flows that end, and those
//    that deadlock with nobody's help but their own, need not run; each flow goes to one point and stays there.
// 3. Flows beside the circle. Each flow of a deadlock waits for one of them, so some wait in a circle, which is a
//    deadlock of its own: the writer for which a reader queues is in it, and waits for a flow in it. By 2 it is reached
//    without the others.
// 4. Chords. If a flow of a circle waits for another one than the next, a part of the circle is a circle. It is reached
//    if the whole is, and it has been tried before, among those of fewer flows. The same goes for a flow that waits
//    for itself, as a reader does that wants to write.
// 5. Names. Sessions are numbered as the circle comes to them, and it begins at its lowest point.
// 6. Pairs. Two flows of a circle that is reached can, by 2, come to their points with nobody else there. Which pairs
//    can is worked out once.
//
// A circle in which all pairs can meet is tried: its flows, each on the ways to its own point, in every order.
// If no path of `maxFlows` flows, each waiting for the next, is left to go on with, no greater number deadlocks either.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "Explorer.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <unordered_set>

using namespace explorer;

namespace {

/// What two flows at points may do; sessions count only where the lock belongs to one.
class Relations {
public:
  explicit Relations(const LockModel &model);

  /// Whether `a` wants what `b` holds, or both want it, `a` to read and `b` to write.
  bool waits(Walker a, Walker b) const {
    return (sameLock[a.point].test(b.point)) && (a.session == b.session || !wantsSessionLock(a.point));
  }
  bool wantsSessionLock(unsigned point) const { return model.sessionLocks >> model.points[point].lock & 1; }
  /// The points at which a flow may stand for which one at `point` waits, if it is of the right session.
  const llvm::BitVector &waitsFor(unsigned point) const { return sameLock[point]; }
  /// Whether they can stand there at one time, with nobody else there.
  bool canMeet(Walker a, Walker b) const { return meetings[a.session == b.session][a.point].test(b.point); }
  /// Whether a flow at `b` keeps one at `a` from being granted what it wants.
  bool bars(Walker a, Walker b) const;

private:
  void findMeetings(bool sameSession);

  const LockModel &model;
  std::vector<llvm::BitVector> sameLock;
  std::vector<llvm::BitVector> meetings[2]; ///< of flows of two sessions, and of one
};

/// A place before the first point of a flow.
constexpr unsigned notStarted = ~0u - 1;

/// Brings the flows of a circle to their points.
class WayFinder {
public:
  WayFinder(const LockModel &model, const Relations &relations) : model(model), relations(relations) { findLeads(); }

  /// Nothing if there is no way; gives up when `states` has come to `maxStates`.
  std::optional<std::vector<Move>> find(llvm::ArrayRef<Walker> circle, size_t &states, size_t maxStates);

private:
  using Places = std::vector<unsigned>;
  struct PlacesHash {
    size_t operator()(const Places &places) const {
      uint64_t hash = 0;
      for (unsigned place : places)
        hash = (hash ^ place) * 0x9e3779b97f4a7c15u;
      return hash ^ hash >> 32;
    }
  };

  void findLeads();
  bool search(Places &places);
  bool tryMoves(Places &places, unsigned flow);
  bool isBarred(const Places &places, unsigned flow) const;

  const LockModel &model;
  const Relations &relations;
  std::vector<llvm::BitVector> leadsTo; ///< from where, itself included, a flow may come to a point
  llvm::ArrayRef<Walker> circle;
  std::unordered_set<Places, PlacesHash> seen;
  std::vector<Move> way;
  size_t *states = nullptr, maxStates = 0;
};

/// Tries the circles of a number of flows.
class CircleSearch {
public:
  CircleSearch(const LockModel &model, size_t maxStates, Repeats repeats)
      : model(model), relations(model), ways(model, relations), maxStates(maxStates), repeats(repeats) {}

  /// Whether one can be reached.
  bool search(unsigned flows);

  bool isExceeded() const { return states > maxStates; }
  /// Whether flows that wait one for the next, as many as were asked for last, could wait for further ones.
  bool goesOn = false;
  size_t states = 0;
  std::vector<Walker> path;
  std::vector<Move> way;

private:
  bool extend(unsigned sessions);
  bool add(Walker flow, unsigned sessions);
  bool fits(Walker flow) const;

  const LockModel &model;
  Relations relations;
  WayFinder ways;
  size_t maxStates;
  Repeats repeats;
  unsigned flows = 0;
};

} // namespace

Verdict explorer::explore(const LockModel &model, unsigned maxFlows, size_t maxStates, Repeats repeats) {
  CircleSearch circles(model, maxStates, repeats);
  Verdict verdict;
  for (unsigned flows = 1; flows <= maxFlows && !verdict.deadlocks && !verdict.isComplete; ++flows) {
    bool isFound = circles.search(flows);
    verdict.states = circles.states;
    if (!isFound && circles.isExceeded())
      break;
    verdict.flows = flows;
    verdict.deadlocks = isFound;
    verdict.isComplete = !isFound && !circles.goesOn;
  }
  if (verdict.deadlocks) {
    verdict.circle = circles.path;
    verdict.way = circles.way;
  }
  return verdict;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Pairs
//===-------------------------------------------------------------------------------------------------------------===//

Relations::Relations(const LockModel &model) : model(model) {
  for (const Point &a : model.points) {
    llvm::BitVector &row = sameLock.emplace_back(model.points.size());
    for (auto [number, b] : llvm::enumerate(model.points)) {
      uint32_t excluding = b.held.write | (a.writes ? b.held.read : 0);
      if ((excluding >> a.lock & 1) || (!a.writes && b.writes && a.lock == b.lock))
        row.set(number);
    }
  }
  findMeetings(/*sameSession=*/false);
  findMeetings(/*sameSession=*/true);
}

bool Relations::bars(Walker a, Walker b) const {
  const Point &wanting = model.points[a.point];
  const Held &held = model.points[b.point].held;
  uint32_t excluding = held.write | (wanting.writes ? held.read : 0);
  return (excluding >> wanting.lock & 1) && (a.session == b.session || !wantsSessionLock(a.point));
}

/// Follows two flows in every order. The place after all points is that of a flow that has not started.
void Relations::findMeetings(bool sameSession) {
  unsigned numPoints = model.points.size();
  std::vector<llvm::BitVector> &met = meetings[sameSession];
  met.assign(numPoints + 1, llvm::BitVector(numPoints + 1));
  std::vector<std::pair<unsigned, unsigned>> toDo;
  auto visit = [&](unsigned a, unsigned b) {
    if (met[a].test(b))
      return;
    met[a].set(b);
    met[b].set(a);
    toDo.push_back({a, b});
  };
  auto advance = [&](unsigned mover, unsigned other) {
    if (mover == numPoints) {
      for (unsigned start : model.starts)
        visit(start, other);
      return;
    }
    Walker moving{0, mover}, standing{sameSession ? 0u : 1u, other};
    if (bars(moving, moving) || (other != numPoints && bars(moving, standing)))
      return;
    for (unsigned next : model.points[mover].next)
      if (next != ended)
        visit(next, other);
  };
  visit(numPoints, numPoints);
  while (!toDo.empty()) {
    auto [a, b] = toDo.back();
    toDo.pop_back();
    advance(a, b);
    advance(b, a);
  }
}

//===-------------------------------------------------------------------------------------------------------------===//
// Ways
//===-------------------------------------------------------------------------------------------------------------===//

/// Flows go in no circles, so that this ends.
void WayFinder::findLeads() {
  unsigned numPoints = model.points.size();
  std::vector<std::vector<unsigned>> before(numPoints);
  for (auto [number, point] : llvm::enumerate(model.points))
    for (unsigned next : point.next)
      if (next != ended)
        before[next].push_back(number);
  for (unsigned target = 0; target != numPoints; ++target) {
    llvm::BitVector &leads = leadsTo.emplace_back(numPoints);
    std::vector<unsigned> toDo{target};
    while (!toDo.empty()) {
      unsigned point = toDo.back();
      toDo.pop_back();
      if (leads.test(point))
        continue;
      leads.set(point);
      toDo.insert(toDo.end(), before[point].begin(), before[point].end());
    }
  }
}

std::optional<std::vector<Move>> WayFinder::find(llvm::ArrayRef<Walker> flows, size_t &statesSoFar, size_t limit) {
  circle = flows;
  states = &statesSoFar;
  maxStates = limit;
  seen.clear();
  way.clear();
  Places places(circle.size(), notStarted);
  if (!search(places))
    return std::nullopt;
  return way;
}

bool WayFinder::search(Places &places) {
  if (*states > maxStates || !seen.insert(places).second)
    return false;
  ++*states;
  bool isThere = true;
  for (unsigned flow = 0; flow != places.size(); ++flow) {
    if (places[flow] == circle[flow].point)
      continue;
    isThere = false;
    if (tryMoves(places, flow))
      return true;
  }
  return isThere;
}

bool WayFinder::tryMoves(Places &places, unsigned flow) {
  unsigned from = places[flow];
  if (from != notStarted && isBarred(places, flow))
    return false;
  for (unsigned next : from == notStarted ? model.starts : model.points[from].next) {
    if (next == ended || !leadsTo[circle[flow].point].test(next))
      continue;
    places[flow] = next;
    way.push_back({flow, next});
    if (search(places))
      return true;
    way.pop_back();
  }
  places[flow] = from;
  return false;
}

bool WayFinder::isBarred(const Places &places, unsigned flow) const {
  Walker moving{circle[flow].session, places[flow]};
  for (unsigned other = 0; other != places.size(); ++other)
    if (places[other] != notStarted && relations.bars(moving, {circle[other].session, places[other]}))
      return true;
  return false;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Circles
//===-------------------------------------------------------------------------------------------------------------===//

bool CircleSearch::search(unsigned count) {
  flows = count;
  goesOn = false;
  for (unsigned point = 0; point != model.points.size(); ++point) {
    path.clear();
    if (add({0, point}, 1))
      return true;
  }
  return false;
}

/// Appends a flow for which the last one waits.
bool CircleSearch::extend(unsigned sessions) {
  Walker last = path.back();
  bool isSession = relations.wantsSessionLock(last.point);
  unsigned first = isSession ? last.session : 0;
  unsigned end = isSession ? last.session + 1 : model.sessionLocks ? sessions + 1 : 1;
  for (unsigned point : relations.waitsFor(last.point).set_bits()) {
    if (point < path.front().point)
      continue;
    for (unsigned session = first; session != end; ++session)
      if (fits({session, point}) && add({session, point}, std::max(sessions, session + 1)))
        return true;
  }
  return false;
}

/// Whether the flow can stand there with the others, and none of them but the last waits for it, nor it for any of them
/// but the first.
bool CircleSearch::fits(Walker flow) const {
  for (const Walker &other : path) {
    if (!relations.canMeet(other, flow))
      return false;
    if (&other != &path.back() && relations.waits(other, flow))
      return false;
    if (&other != &path.front() && relations.waits(flow, other))
      return false;
    if (repeats == Repeats::No && other.point == flow.point)
      return false;
  }
  return true;
}

bool CircleSearch::add(Walker flow, unsigned sessions) {
  if (++states > maxStates)
    return false;
  path.push_back(flow);
  if (relations.waits(flow, path.front())) {
    // Smaller ones have been tried.
    std::optional<std::vector<Move>> found;
    if (path.size() == flows && (found = ways.find(path, states, maxStates))) {
      way = std::move(*found);
      return true;
    }
  } else if (relations.waits(flow, flow)) {
    // A circle of its own.
  } else if (path.size() == flows) {
    goesOn = true;
  } else if (extend(sessions)) {
    return true;
  }
  path.pop_back();
  return false;
}

std::string explorer::describe(const LockModel &model, const std::vector<Walker> &circle) {
  std::string result;
  llvm::raw_string_ostream os(result);
  for (const Walker &flow : circle) {
    const Point &point = model.points[flow.point];
    os << "session " << flow.session << " holds";
    for (unsigned lock = 0; lock != model.lockNames.size(); ++lock)
      if ((point.held.read | point.held.write) >> lock & 1)
        os << ' ' << model.lockNames[lock] << (point.held.write >> lock & 1 ? "!" : "?");
    os << ", wants " << model.lockNames[point.lock] << (point.writes ? "!" : "?") << "\n";
  }
  return result;
}
