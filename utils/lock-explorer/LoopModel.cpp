//===- LoopModel.cpp - What flows do on event loops, before and after locks were removed -------------------------===//
//
// The program is followed as it was written, backwards as in LockModel. A region that is entered counts from when it
// has got the locks that are left of its own.
//
//===-------------------------------------------------------------------------------------------------------------===//

#include "LoopModel.h"
#include "GraphReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <map>

using namespace explorer;
using llvm::StringRef;
namespace json = llvm::json;

namespace {

using PlaceSet = std::set<unsigned>;

class LoopModelBuilder {
public:
  LoopModelBuilder(const json::Object &before, const json::Object &after, const KnownCalm &calm)
      : before(before), after(after), calm(calm) {}

  void run();
  LoopModel model;

private:
  struct Hold {
    unsigned lock;
    bool writes;
  };
  /// What is around a step.
  struct Around {
    Held inside, held;
  };

  void addLocks();
  void noteLeft(const json::Array &body);
  PlaceSet follow(const json::Array &body, size_t step, Around around, Stack &running, const PlaceSet &next);
  PlaceSet followStep(const json::Object &step, Around around, Stack &running, const PlaceSet &next);
  PlaceSet followCall(StringRef callee, Around around, Stack &running, const PlaceSet &next);
  PlaceSet followDispatch(const json::Object &step, Around around, Stack &running, const PlaceSet &next);
  PlaceSet fail(StringRef function, const Stack &running);
  bool mayPark(const json::Object &dispatch) const;

  std::vector<Hold> holdsOf(const json::Object &taker) const;
  template <typename Inside>
  PlaceSet enter(const json::Object &written, const std::vector<Hold> &left, Around around, Inside inside);
  unsigned ask(Around around, Hold hold, const PlaceSet &next);
  PlaceSet run(Around around, bool parks, const PlaceSet &next);
  unsigned add(Place place);

  const json::Object &before, &after;
  const KnownCalm &calm;
  llvm::StringMap<unsigned> locks;
  std::vector<int64_t> ranks;
  llvm::StringMap<const json::Object *> flows, nodes;
  std::map<int64_t, std::vector<Hold>> leftOf; ///< of the regions that are left, by their lines
  std::map<std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, bool, bool, bool, unsigned, std::vector<unsigned>>,
           unsigned>
      known;
};

int64_t lineOf(const json::Object &step) { return *step.getObject("location")->getInteger("line"); }

void write(Held &held, unsigned lock, bool writes) { (writes ? held.write : held.read) |= 1u << lock; }

} // namespace

LoopModel explorer::makeLoopModel(const json::Object &before, const json::Object &after, const KnownCalm &calm) {
  LoopModelBuilder builder(before, after, calm);
  builder.run();
  return std::move(builder.model);
}

void LoopModelBuilder::run() {
  addLocks();
  for (const json::Value &node : list(before, "nodes"))
    nodes[text(*node.getAsObject(), "name")] = node.getAsObject();
  for (const json::Value &flow : list(before, "flows"))
    flows[text(*flow.getAsObject(), "name")] = flow.getAsObject();
  for (const json::Value &flow : list(after, "flows"))
    noteLeft(list(*flow.getAsObject(), "body"));
  for (const json::Value &source : list(before, "sources"))
    for (auto [key, starts] : {std::pair("function", &model.calls), std::pair("target", &model.targets)}) {
      Stack running;
      PlaceSet first = followCall(text(*source.getAsObject(), key), {}, running, {ended});
      first.erase(ended);
      starts->emplace_back(first.begin(), first.end());
    }
}

void LoopModelBuilder::addLocks() {
  for (const json::Value &value : list(before, "locks")) {
    const json::Object &lock = *value.getAsObject();
    unsigned index = ranks.size();
    locks[text(lock, "name")] = index;
    ranks.push_back(*lock.getInteger("rank"));
    model.lockNames.push_back(text(lock, "name").str());
    if (text(lock, "scope") == "session")
      model.sessionLocks |= 1u << index;
  }
}

void LoopModelBuilder::noteLeft(const json::Array &body) {
  for (const json::Value &value : body) {
    const json::Object &step = *value.getAsObject();
    if (text(step, "kind") == "constrained")
      leftOf[lineOf(step)] = holdsOf(step);
    noteLeft(list(step, "body"));
    for (const json::Value &alternative : list(step, "cases"))
      noteLeft(list(*alternative.getAsObject(), "body"));
  }
}

/// In the order of ranks.
std::vector<LoopModelBuilder::Hold> LoopModelBuilder::holdsOf(const json::Object &taker) const {
  std::vector<Hold> result;
  for (const json::Value &value : list(taker, "holds")) {
    const json::Object &hold = *value.getAsObject();
    result.push_back({locks.lookup(text(hold, "lock")), text(hold, "mode") == "write"});
  }
  llvm::sort(result, [&](Hold a, Hold b) { return ranks[a.lock] < ranks[b.lock]; });
  return result;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Steps
//===-------------------------------------------------------------------------------------------------------------===//

PlaceSet LoopModelBuilder::follow(const json::Array &body, size_t step, Around around, Stack &running,
                                  const PlaceSet &next) {
  if (step == body.size())
    return next;
  PlaceSet rest = follow(body, step + 1, around, running, next);
  return followStep(*body[step].getAsObject(), around, running, rest);
}

PlaceSet LoopModelBuilder::followStep(const json::Object &step, Around around, Stack &running, const PlaceSet &next) {
  StringRef kind = text(step, "kind");
  if (kind == "call")
    return followCall(text(step, "callee"), around, running, next);
  if (kind == "dispatch")
    return followDispatch(step, around, running, next);
  return enter(step, leftOf[lineOf(step)], around,
               [&](Around inside) { return follow(list(step, "body"), 0, inside, running, next); });
}

/// Any node may fail.
PlaceSet LoopModelBuilder::followCall(StringRef callee, Around around, Stack &running, const PlaceSet &next) {
  if (const json::Object *flow = flows.lookup(callee)) {
    running.push_back(callee);
    PlaceSet result = follow(list(*flow, "body"), 0, around, running, next);
    running.pop_back();
    return result;
  }
  PlaceSet then = fail(callee, running);
  then.insert(next.begin(), next.end());
  return run(around, text(*nodes.lookup(callee), "blocking") != "nonblocking", then);
}

/// Any case may apply; the predicates that are asked for it are one node here.
PlaceSet LoopModelBuilder::followDispatch(const json::Object &step, Around around, Stack &running,
                                          const PlaceSet &next) {
  PlaceSet then;
  for (const json::Value &value : list(step, "cases")) {
    PlaceSet first = follow(list(*value.getAsObject(), "body"), 0, around, running, next);
    then.insert(first.begin(), first.end());
  }
  if (!hasCatchAll(step)) {
    PlaceSet first = fail(running.back(), Stack(running.begin(), running.end() - 1));
    then.insert(first.begin(), first.end());
  }
  return run(around, mayPark(step), then);
}

bool LoopModelBuilder::mayPark(const json::Object &dispatch) const {
  return llvm::any_of(list(dispatch, "cases"), [&](const json::Value &alternative) {
    return llvm::any_of(list(*alternative.getAsObject(), "pattern"), [&](const json::Value &element) {
      return element != "_" && !calm.predicates.count(element.getAsString()->str());
    });
  });
}

/// Everything is released, then the handler runs.
PlaceSet LoopModelBuilder::fail(StringRef function, const Stack &running) {
  std::optional<size_t> handler = findHandler(before, function, running);
  if (!handler)
    return {ended};
  const json::Object &written = *list(before, "handlers")[*handler].getAsObject();
  return enter(written, holdsOf(*list(after, "handlers")[*handler].getAsObject()), {},
               [&](Around inside) { return run(inside, !calm.handlers.count(*handler), {ended}); });
}

//===-------------------------------------------------------------------------------------------------------------===//
// Places
//===-------------------------------------------------------------------------------------------------------------===//

/// Gets what is `left` of a region's locks, as far as it is not held, and goes on inside.
template <typename Inside>
PlaceSet LoopModelBuilder::enter(const json::Object &written, const std::vector<Hold> &left, Around around,
                                 Inside inside) {
  std::vector<Hold> toTake;
  for (Hold hold : left) {
    uint32_t sufficient = around.held.write | (hold.writes ? 0 : around.held.read);
    if (!(sufficient >> hold.lock & 1))
      toTake.push_back(hold);
  }
  Around within = around;
  for (Hold hold : holdsOf(written))
    write(within.inside, hold.lock, hold.writes);
  for (Hold hold : toTake)
    write(within.held, hold.lock, hold.writes);
  PlaceSet first = inside(within);
  // Backwards: what is held before the last of them is all but that.
  while (!toTake.empty()) {
    Hold hold = toTake.back();
    toTake.pop_back();
    Around asking = around;
    for (Hold earlier : toTake)
      write(asking.held, earlier.lock, earlier.writes);
    first = {ask(asking, hold, first)};
  }
  return first;
}

unsigned LoopModelBuilder::ask(Around around, Hold hold, const PlaceSet &next) {
  return add({around.inside, around.held, true, hold.writes, false, hold.lock, {next.begin(), next.end()}});
}

PlaceSet LoopModelBuilder::run(Around around, bool parks, const PlaceSet &next) {
  return {add({around.inside, around.held, false, false, parks, 0, {next.begin(), next.end()}})};
}

unsigned LoopModelBuilder::add(Place place) {
  auto [entry, isNew] =
      known.try_emplace(std::make_tuple(place.inside.read, place.inside.write, place.held.read, place.held.write,
                                        place.asks, place.writes, place.parks, place.lock, place.next),
                        model.places.size());
  if (isNew)
    model.places.push_back(std::move(place));
  return entry->second;
}
