//===- LockModel.cpp - What a program does with its locks, and nothing else --------------------------------------===//
//
// Flows are followed backwards, from what comes after a step to the points that the step leads to. Calls are expanded
// in place, with the flows that are running, since they decide which handler an error finds. Equal points become one.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "LockModel.h"
#include "GraphReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <set>

using namespace explorer;
using llvm::StringRef;
namespace json = llvm::json;

namespace {

using PointSet = std::set<unsigned>;

class ModelBuilder {
public:
  explicit ModelBuilder(const json::Object &graph) : graph(graph) {}

  llvm::Error run();
  LockModel model;

private:
  struct Hold {
    unsigned lock;
    bool writes;
  };
  llvm::Error addLocks();
  PointSet follow(const json::Array &body, size_t step, Held held, Stack &running, const PointSet &after);
  PointSet followStep(const json::Object &step, Held held, Stack &running, const PointSet &after);
  PointSet followCall(StringRef callee, Held held, Stack &running, const PointSet &after);
  PointSet followDispatch(const json::Object &step, Held held, Stack &running, const PointSet &after);
  PointSet fail(StringRef function, const Stack &running);
  std::vector<Hold> toTake(const json::Object &region, Held held);
  template <typename Inside> PointSet take(const std::vector<Hold> &holds, size_t next, Held held, Inside inside);
  unsigned addPoint(Point point);

  const json::Object &graph;
  llvm::StringMap<unsigned> locks;
  std::vector<int64_t> ranks;
  llvm::StringMap<const json::Object *> flows;
  std::map<std::tuple<uint32_t, uint32_t, unsigned, bool, std::vector<unsigned>>, unsigned> known;
};

} // namespace

llvm::Expected<LockModel> explorer::makeLockModel(const json::Value &graph) {
  const json::Object *object = graph.getAsObject();
  if (!object || object->getInteger("version") != 1)
    return llvm::createStringError("this is not what flux-translate --flux-to-json writes");
  ModelBuilder builder(*object);
  if (llvm::Error error = builder.run())
    return std::move(error);
  return std::move(builder.model);
}

llvm::Error ModelBuilder::run() {
  if (llvm::Error error = addLocks())
    return error;
  for (const json::Value &flow : list(graph, "flows"))
    flows[text(*flow.getAsObject(), "name")] = flow.getAsObject();
  PointSet starts;
  for (const json::Value &source : list(graph, "sources"))
    for (StringRef key : {"function", "target"}) {
      Stack running;
      PointSet first = followCall(text(*source.getAsObject(), key), {}, running, {ended});
      starts.insert(first.begin(), first.end());
    }
  starts.erase(ended);
  model.starts.assign(starts.begin(), starts.end());
  return llvm::Error::success();
}

llvm::Error ModelBuilder::addLocks() {
  if (list(graph, "locks").size() > 32)
    return llvm::createStringError("more than 32 locks are too many to explore");
  for (const json::Value &value : list(graph, "locks")) {
    const json::Object &lock = *value.getAsObject();
    std::optional<int64_t> rank = lock.getInteger("rank");
    if (!rank)
      return llvm::createStringError("lock '" + text(lock, "name") + "' has no rank");
    unsigned index = ranks.size();
    locks[text(lock, "name")] = index;
    ranks.push_back(*rank);
    model.lockNames.push_back(text(lock, "name").str());
    if (text(lock, "scope") == "session")
      model.sessionLocks |= 1u << index;
  }
  return llvm::Error::success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Steps
//===-------------------------------------------------------------------------------------------------------------===//

/// The points that come next for a flow that holds `held` before the step with this number.
PointSet ModelBuilder::follow(const json::Array &body, size_t step, Held held, Stack &running, const PointSet &after) {
  if (step == body.size())
    return after;
  PointSet rest = follow(body, step + 1, held, running, after);
  return followStep(*body[step].getAsObject(), held, running, rest);
}

PointSet ModelBuilder::followStep(const json::Object &step, Held held, Stack &running, const PointSet &after) {
  StringRef kind = text(step, "kind");
  if (kind == "call")
    return followCall(text(step, "callee"), held, running, after);
  if (kind == "dispatch")
    return followDispatch(step, held, running, after);
  return take(toTake(step, held), 0, held,
              [&](Held inside) { return follow(list(step, "body"), 0, inside, running, after); });
}

/// Any node may fail.
PointSet ModelBuilder::followCall(StringRef callee, Held held, Stack &running, const PointSet &after) {
  if (const json::Object *flow = flows.lookup(callee)) {
    running.push_back(callee);
    PointSet result = follow(list(*flow, "body"), 0, held, running, after);
    running.pop_back();
    return result;
  }
  PointSet result = fail(callee, running);
  result.insert(after.begin(), after.end());
  return result;
}

/// Predicates may say anything, but the same about the same value: with a case for everything one case always matches.
PointSet ModelBuilder::followDispatch(const json::Object &step, Held held, Stack &running, const PointSet &after) {
  PointSet result;
  for (const json::Value &value : list(step, "cases")) {
    PointSet first = follow(list(*value.getAsObject(), "body"), 0, held, running, after);
    result.insert(first.begin(), first.end());
  }
  if (!hasCatchAll(step)) {
    PointSet first = fail(running.back(), Stack(running.begin(), running.end() - 1));
    result.insert(first.begin(), first.end());
  }
  return result;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Errors
//===-------------------------------------------------------------------------------------------------------------===//

/// `function` has failed within the flows `running`: everything is released, then the innermost handler runs.
PointSet ModelBuilder::fail(StringRef function, const Stack &running) {
  std::optional<size_t> handler = findHandler(graph, function, running);
  if (!handler)
    return {ended};
  return take(toTake(*list(graph, "handlers")[*handler].getAsObject(), {}), 0, {},
              [](Held) { return PointSet{ended}; });
}

//===-------------------------------------------------------------------------------------------------------------===//
// Locks
//===-------------------------------------------------------------------------------------------------------------===//

/// What a region has to ask for, in the order of ranks. A reader that wants to write asks again, and waits for itself.
std::vector<ModelBuilder::Hold> ModelBuilder::toTake(const json::Object &region, Held held) {
  std::vector<Hold> result;
  for (const json::Value &value : list(region, "holds")) {
    const json::Object &hold = *value.getAsObject();
    unsigned lock = locks.lookup(text(hold, "lock"));
    bool writes = text(hold, "mode") == "write";
    uint32_t sufficient = held.write | (writes ? 0 : held.read);
    if (!(sufficient >> lock & 1))
      result.push_back({lock, writes});
  }
  llvm::sort(result, [&](Hold a, Hold b) { return ranks[a.lock] < ranks[b.lock]; });
  return result;
}

template <typename Inside>
PointSet ModelBuilder::take(const std::vector<Hold> &holds, size_t next, Held held, Inside inside) {
  if (next == holds.size())
    return inside(held);
  auto [lock, writes] = holds[next];
  Held with = held;
  (writes ? with.write : with.read) |= 1u << lock;
  PointSet after = take(holds, next + 1, with, inside);
  return {addPoint({held, lock, writes, {after.begin(), after.end()}})};
}

unsigned ModelBuilder::addPoint(Point point) {
  auto [entry, isNew] = known.try_emplace(
      std::make_tuple(point.held.read, point.held.write, point.lock, point.writes, point.next), model.points.size());
  if (isNew)
    model.points.push_back(std::move(point));
  return entry->second;
}
