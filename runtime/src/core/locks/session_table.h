/// session_table.h - the locks of sessions, which exist only while someone holds or awaits them.
#ifndef FLUX_CORE_LOCKS_SESSION_TABLE_H
#define FLUX_CORE_LOCKS_SESSION_TABLE_H

#include "core/locks/lock.h"

namespace flux {

struct Context;

/// One session of one lock. It belongs to the table while `users` is not 0, else to the spares of some context.
struct SessionEntry {
  int64_t session;
  SessionEntry *next;   // in its bucket, or among a context's spares
  SessionEntry *spares; // what users after the first have brought along
  uint32_t users;       // holders and waiters
  int32_t index;        // which lock of the program
};

/// What every entry of a table really is: the session with its lock.
template <typename Sync> struct BasicSessionLock : SessionEntry {
  BasicLock<Sync> lock;
};

/// A hash table from (lock, session) to its entry, in shards with a mutex each.
///
/// It allocates nothing per session. Every context owns one entry per session lock of the program; entering a lock, a
/// flow leaves one of its entries with the table, as the lock itself or as a spare of it, and leaving takes
/// one back. So the table holds as many entries as locks are held or awaited, never runs out, and forgets a session
/// when its last user leaves. (These are the turnstiles of Solaris.)
///
/// `Sync` says whether threads share it (see sync.h).
template <typename Sync> class BasicSessionTable {
public:
  /// Returns the lock `index` of `session`, the flow of `context` being counted as its user. Never blocks for long.
  SessionEntry *enter(Context &context, int32_t index, int64_t session);

  /// Undoes enter() once the flow has released the lock. Never blocks for long.
  void leave(Context &context, SessionEntry *entry);

  /// Returns the number of session locks that are held or awaited.
  uint64_t live();

private:
  static constexpr unsigned kShardBits = 6, kShards = 1u << kShardBits;
  static constexpr unsigned kFirstBuckets = 16;

  struct alignas(64) Shard {
    typename Sync::Mutex mutex;
    uint64_t live FLUX_GUARDED_BY(mutex) = 0;
    uint64_t numBuckets FLUX_GUARDED_BY(mutex) = kFirstBuckets;
    SessionEntry **buckets FLUX_GUARDED_BY(mutex) = nullptr; // null: `first` serves
    SessionEntry *first[kFirstBuckets] FLUX_GUARDED_BY(mutex) = {};

    SessionEntry **bucket(uint64_t hash) FLUX_REQUIRES(mutex) {
      return &(buckets ? buckets : first)[(hash >> kShardBits) & (numBuckets - 1)];
    }
    void grow() FLUX_REQUIRES(mutex);
  };

  static uint64_t hash(int32_t index, int64_t session);
  Shard &shard(uint64_t hash) { return shards[hash & (kShards - 1)]; }

  Shard shards[kShards];
};

using SessionTable = BasicSessionTable<ThreadSync>;

} // namespace flux

#endif // FLUX_CORE_LOCKS_SESSION_TABLE_H
