#include "models/percore/percore_locks.h"

#include "core/context.h"
#include "core/locks/local_locks.h"
#include "core/runtime.h"
#include "loop/loops.h"
#include "models/percore/percore_model.h"

#include <new>
#include <stdlib.h>

namespace flux {

namespace {

using OneLoop = LocalLocks<LoopSync>;
using AllLoops = LocalLocks<ThreadSync>;
using Sessions = BasicSessionTable<LoopSync>;

Sessions *tables = nullptr; // one for each loop

bool isSession(int32_t index) { return runtime.program->locks[index].session != 0; }

bool init() {
  const uint64_t count = numCores();
  if (count == 1)
    return OneLoop::init();
  void *memory = aligned_alloc(alignof(Sessions), count * sizeof(Sessions));
  if (!memory)
    return false;
  tables = static_cast<Sessions *>(memory);
  for (uint64_t i = 0; i < count; ++i)
    new (&tables[i]) Sessions();
  return AllLoops::init();
}

uint64_t acquire(Context &context, Held &held) {
  if (numCores() == 1)
    return OneLoop::acquire(context, held);
  if (!isSession(held.index))
    return AllLoops::acquire(context, held);
  held.session = tables[currentLoop()].enter(context, held.index, context.head.session);
  return static_cast<BasicSessionLock<LoopSync> *>(held.session)->lock.acquire(context.waiter, held.mode);
}

void release(Context &context, const Held &held) {
  if (numCores() == 1)
    return OneLoop::release(context, held);
  if (!held.session)
    return AllLoops::release(context, held);
  static_cast<BasicSessionLock<LoopSync> *>(held.session)->lock.release(held.mode);
  tables[currentLoop()].leave(context, held.session);
}

uint64_t liveSessions() {
  if (numCores() == 1)
    return OneLoop::liveSessions();
  uint64_t live = 0;
  for (uint64_t i = 0; i < numCores(); ++i)
    live += tables[i].live();
  return live;
}

} // namespace

// What flows bring along for the locks of sessions is the same for one loop and for many.
const Locks percoreLocks = {init, OneLoop::reserve, OneLoop::unreserve, acquire, release, liveSessions};

} // namespace flux
