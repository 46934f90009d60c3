#include "core/locks/local_locks.h"

#include "core/context.h"
#include "core/runtime.h"

#include <new>
#include <stdlib.h>

namespace flux {

template <typename Sync> bool LocalLocks<Sync>::init() {
  // One more, so that the array is not empty in a program without locks.
  const uint64_t count = runtime.program->num_locks + 1;
  void *memory = aligned_alloc(alignof(BasicLock<Sync>), count * sizeof(BasicLock<Sync>));
  if (!memory)
    return false;
  locks = static_cast<BasicLock<Sync> *>(memory);
  for (uint64_t i = 0; i < count; ++i)
    new (&locks[i]) BasicLock<Sync>();
  return true;
}

template <typename Sync> bool LocalLocks<Sync>::reserve(Context &context) {
  using Entry = BasicSessionLock<Sync>;
  const flux_ir_program_t &program = *runtime.program;
  for (uint64_t i = 0; i < program.num_locks; ++i) {
    if (!program.locks[i].session)
      continue;
    void *memory = aligned_alloc(alignof(Entry), sizeof(Entry));
    if (!memory)
      return false;
    auto *entry = new (memory) Entry();
    entry->next = context.spares;
    context.spares = entry;
  }
  return true;
}

template <typename Sync> void LocalLocks<Sync>::unreserve(Context &context) {
  while (SessionEntry *entry = context.spares) {
    context.spares = entry->next;
    free(static_cast<BasicSessionLock<Sync> *>(entry));
  }
}

template <typename Sync> uint64_t LocalLocks<Sync>::acquire(Context &context, Held &held) {
  if (!runtime.program->locks[held.index].session)
    return locks[held.index].acquire(context.waiter, held.mode);
  held.session = sessions.enter(context, held.index, context.head.session);
  return static_cast<BasicSessionLock<Sync> *>(held.session)->lock.acquire(context.waiter, held.mode);
}

template <typename Sync> void LocalLocks<Sync>::release(Context &context, const Held &held) {
  if (!held.session) {
    locks[held.index].release(held.mode);
    return;
  }
  static_cast<BasicSessionLock<Sync> *>(held.session)->lock.release(held.mode);
  sessions.leave(context, held.session);
}

template struct LocalLocks<ThreadSync>;
template struct LocalLocks<LoopSync>;

template <typename Sync>
constexpr Locks kLocks = {LocalLocks<Sync>::init,    LocalLocks<Sync>::reserve, LocalLocks<Sync>::unreserve,
                          LocalLocks<Sync>::acquire, LocalLocks<Sync>::release, LocalLocks<Sync>::liveSessions};

const Locks threadLocks = kLocks<ThreadSync>;
const Locks loopLocks = kLocks<LoopSync>;

} // namespace flux
