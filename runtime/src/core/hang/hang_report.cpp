#include "core/hang/hang_report.h"

#include "core/functions.h"
#include "core/hang/line_figures.h"
#include "core/log.h"
#include "core/runtime.h"
#include "core/server/options.h"
#include "core/text.h"

namespace flux {

namespace {

unsigned long long print(uint64_t number) { return number; }

/// Writes the report of one hang. Flows have numbers in it, by which one line refers to another.
class Report {
public:
  explicit Report(Observation &observation)
      : observation(observation), actors(observation.actors()), count(observation.count()) {}

  void write() {
    logMessage("hang: %llu of the flows and %llu of the sources have waited for %lld ms for what only they can do",
               print(countStuck(false)), print(countStuck(true)), static_cast<long long>(coreOptions.hangMs));
    for (size_t i = 0; i < count; ++i)
      if (actors[i].isStuck && isShown(i))
        writeActor(i);
    if (hidden > 0)
      logMessage("  and %llu more that wait for the same as one of these", print(hidden));
    LineFigures::log("  ");
  }

private:
  uint64_t countStuck(bool sources) const {
    uint64_t number = 0;
    for (size_t i = 0; i < count; ++i)
      number += actors[i].isStuck && actors[i].isSource == sources;
    return number;
  }

  /// Who waits as others do is shown a few times only, unless it holds something.
  bool isShown(size_t index) {
    constexpr unsigned kOfAKind = 3;
    const Actor &actor = actors[index];
    unsigned before = 0;
    for (size_t i = 0; i < index && before < kOfAKind; ++i)
      before += actors[i].isStuck && actors[i].until == actor.until && actors[i].lock == actor.lock &&
                actors[i].numLocks == 0;
    if (before < kOfAKind || actor.numLocks > 0)
      return true;
    ++hidden;
    return false;
  }

  void addName(Text &line, size_t index) const {
    const Observed &seen = observation.observed(index);
    if (actors[index].isSource) {
      line.add("source '%s'", seen.source->description->name);
      return;
    }
    line.add("flow %llu of source '%s'", print(index + 1), seen.source->description->name);
    if (seen.source->description->names_sessions)
      line.add(" (session %lld)", static_cast<long long>(actors[index].session));
  }

  void addPlace(Text &line, size_t index) const {
    if (const flux_ir_function *function = findFunction(observation.observed(index).node))
      line.add(", in %s '%s' (%s:%u),", kindName(*function), function->name, function->file, function->line);
  }

  void addHolders(Text &line, int32_t lock, int64_t session) const {
    unsigned named = 0;
    for (size_t i = 0; i < count && named < 3; ++i)
      for (size_t j = 0; j < actors[i].numLocks; ++j)
        if (actors[i].locks[j] == lock && (!runtime.program->locks[lock].session || actors[i].session == session)) {
          line.add(named++ ? " and " : ", which is held by ");
          addName(line, i);
        }
  }

  void addReason(Text &line, size_t index) const {
    const Actor &actor = actors[index];
    switch (actor.until) {
    case Until::LockIsFree:
      line.add(" waits for constraint '%s'", runtime.program->locks[actor.lock].name);
      addHolders(line, actor.lock, actor.session);
      break;
    case Until::ActorActs:
      line.add(" waits for %s, which is held by ", observation.observed(index).call);
      addName(line, actor.other);
      break;
    case Until::FlowEnds:
      line.add(" waits for a flow to end, so that another one can begin");
      break;
    default:
      line.add(" waits for %s", observation.observed(index).call);
      break;
    }
  }

  void writeActor(size_t index) const {
    char words[512];
    Text line(words, sizeof words);
    addName(line, index);
    addPlace(line, index);
    addReason(line, index);
    for (size_t i = 0; i < actors[index].numLocks; ++i)
      line.add("%s'%s'", i ? ", " : "; it holds ", runtime.program->locks[actors[index].locks[i]].name);
    logMessage("  %s", words);
  }

  Observation &observation;
  const Actor *const actors;
  const size_t count;
  uint64_t hidden = 0;
};

} // namespace

void reportHang(Observation &observation) { Report(observation).write(); }

} // namespace flux
