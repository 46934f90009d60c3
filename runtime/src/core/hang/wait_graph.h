/// wait_graph.h - who waits for whom, and who waits for nothing that can still happen.
#ifndef FLUX_CORE_HANG_WAIT_GRAPH_H
#define FLUX_CORE_HANG_WAIT_GRAPH_H

#include <stddef.h>
#include <stdint.h>

namespace flux {

/// What has to happen before an actor goes on.
enum class Until : uint32_t {
  Now,         // nothing: it runs, or it waits for something outside of the server, or for time
  LockIsFree,  // every actor that holds `lock` gives it back
  ActorActs,   // one other actor, `other`, does something
  AnybodyActs, // some actor does something
  FlowEnds     // a flow ends, which makes room for another one
};

/// A flow or a source that is under way.
struct Actor {
  Until until = Until::Now;
  int32_t lock = -1;
  int64_t session = 0; // of the lock, where that has sessions
  size_t other = 0;    // an index
  bool isSource = false;
  bool awaitsOutside = false;     // a source that waits for what comes from outside
  const int32_t *locks = nullptr; // the indices of those that it holds
  size_t numLocks = 0;
  bool isStuck = false; // the result
};

/// The server as a whole.
struct Surroundings {
  bool hasRoom;      // another flow could begin
  bool hasStrangers; // there are threads of the program's own, which may do anything
  bool (*hasSessions)(int32_t lock);
};

/// Finds the actors that can never go on, whatever comes from outside: the greatest set of which each waits for what
/// only others of the set can do. It marks them, and returns whether a flow is among them.
///
/// That a lock's queue is in order needs no look: who waits behind another waits, by that one, for the same holders.
/// What anybody could do is taken to be done by whoever goes on, and by flows that are still to come, if they can
/// begin.
bool findStuck(Actor *actors, size_t count, const Surroundings &surroundings);

} // namespace flux

#endif // FLUX_CORE_HANG_WAIT_GRAPH_H
