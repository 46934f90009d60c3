/// The greatest such set is what remains when one begins with all that wait and takes away, again and again, those for
/// which somebody outside of the set can act. Each round takes one away or is the last.
#include "core/hang/wait_graph.h"

namespace flux {

namespace {

bool holds(const Actor &actor, int32_t lock) {
  for (size_t i = 0; i < actor.numLocks; ++i)
    if (actor.locks[i] == lock)
      return true;
  return false;
}

/// One round, with what it needs to know of all actors.
class Round {
public:
  Round(const Actor *actors, size_t count, const Surroundings &surroundings)
      : actors(actors), count(count), surroundings(surroundings), somebodyGoes(surroundings.hasStrangers) {
    for (size_t i = 0; i < count; ++i) {
      const Actor &actor = actors[i];
      flowGoes |= !actor.isStuck && !actor.isSource;
      // What a source brings from outside is a flow, which has to begin before it can do anything.
      somebodyGoes |= !actor.isStuck && (!actor.awaitsOutside || surroundings.hasRoom);
    }
  }

  bool canGoOn(const Actor &actor) {
    switch (actor.until) {
    case Until::LockIsFree:
      return !isHeldByStuckCached(actor);
    case Until::ActorActs:
      return !actors[actor.other].isStuck;
    case Until::AnybodyActs:
      return somebodyGoes;
    case Until::FlowEnds:
      return flowGoes || surroundings.hasRoom;
    default:
      return true;
    }
  }

private:
  bool isHeldByStuck(const Actor &waiting) const {
    const bool hasSessions = surroundings.hasSessions(waiting.lock);
    for (size_t i = 0; i < count; ++i)
      if (actors[i].isStuck && (!hasSessions || actors[i].session == waiting.session) && holds(actors[i], waiting.lock))
        return true;
    return false;
  }

  /// The same, with the answer for the lock that was asked for last: thousands may wait for one.
  bool isHeldByStuckCached(const Actor &waiting) {
    if (!known || known->lock != waiting.lock || known->session != waiting.session)
      answer = isHeldByStuck(waiting);
    known = &waiting;
    return answer;
  }

  const Actor *const actors;
  const size_t count;
  const Surroundings &surroundings;
  bool somebodyGoes;
  bool flowGoes = false;
  const Actor *known = nullptr;
  bool answer = false;
};

} // namespace

bool findStuck(Actor *actors, size_t count, const Surroundings &surroundings) {
  for (size_t i = 0; i < count; ++i)
    actors[i].isStuck = actors[i].until != Until::Now;
  for (bool changed = true; changed;) {
    changed = false;
    Round round(actors, count, surroundings);
    for (size_t i = 0; i < count; ++i) {
      if (!actors[i].isStuck || !round.canGoOn(actors[i]))
        continue;
      actors[i].isStuck = false;
      changed = true;
    }
  }
  for (size_t i = 0; i < count; ++i)
    if (actors[i].isStuck && !actors[i].isSource)
      return true;
  return false;
}

} // namespace flux
