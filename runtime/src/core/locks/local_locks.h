/// local_locks.h - the locks of a server of one process.
#ifndef FLUX_CORE_LOCKS_LOCAL_LOCKS_H
#define FLUX_CORE_LOCKS_LOCAL_LOCKS_H

#include "core/locks/locks.h"
#include "core/locks/session_table.h"

namespace flux {

/// The functions of a Locks, and what they work on; `Sync` says whether threads share it (see sync.h).
template <typename Sync> struct LocalLocks {
  static bool init();
  static bool reserve(Context &context);
  static void unreserve(Context &context);
  static uint64_t acquire(Context &context, Held &held);
  static void release(Context &context, const Held &held);
  static uint64_t liveSessions() { return sessions.live(); }

  static inline BasicLock<Sync> *locks = nullptr; // as the program's; those of session locks are not used
  static inline BasicSessionTable<Sync> sessions;
};

} // namespace flux

#endif // FLUX_CORE_LOCKS_LOCAL_LOCKS_H
