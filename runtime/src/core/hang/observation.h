/// observation.h - what the flows and sources of the server are seen to wait for.
#ifndef FLUX_CORE_HANG_OBSERVATION_H
#define FLUX_CORE_HANG_OBSERVATION_H

#include "core/context.h"
#include "core/hang/wait_graph.h"
#include "core/os/mutex_owner.h"

namespace flux {

/// One flow or source: an actor, and how to describe it.
struct Observed {
  const Source *source;
  int32_t node;     // FLUX_IR_NO_NODE: none
  MutexOwner owner; // of the mutex that it waits for
  pid_t thread;     // that it blocks, or 0
  uint32_t fiber;   // that it runs on, or 0
  int32_t *locks;
  char call[64]; // "read(3), a pipe of this process"; empty where the actor says it
};

/// All that are under way. Main thread.
class Observation {
public:
  Observation() = default;
  ~Observation();
  Observation(const Observation &) = delete;
  Observation &operator=(const Observation &) = delete;

  /// Looks at everybody. Who has not been in the same state for `ns` counts as one that goes on. False when memory is
  /// short.
  bool take(uint64_t ns);

  /// Whether threads may be there that are not the runtime's.
  bool hasStrangers() const { return strangers; }

  size_t count() const { return number; }
  Actor *actors() { return all; }
  const Observed &observed(size_t i) const { return seen[i]; }

private:
  static void see(void *self, Context &context);
  void add(Context &context);
  bool grow();
  void note(Context &context, Actor &actor, Observed &observed);
  void ask(Context &context, Actor &actor, Observed &observed);
  static void awaitAnybody(Actor &actor, Observed &observed);
  static void awaitMutex(Actor &actor, Observed &observed, uint64_t address);
  void awaitDescriptor(Actor &actor, Observed &observed, pid_t process, const char *call, int fd);
  void copyLocks(const Context &context, Actor &actor, Observed &observed);
  void findOwners();

  Actor *all = nullptr;
  Observed *seen = nullptr;
  size_t number = 0;
  size_t room = 0;
  uint64_t now = 0;
  uint64_t patienceNs = 0;
  bool failed = false;
  bool strangers = false;
};

} // namespace flux

#endif // FLUX_CORE_HANG_OBSERVATION_H
