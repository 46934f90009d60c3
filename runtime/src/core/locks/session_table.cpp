#include "core/locks/session_table.h"

#include "core/context.h"

#include <stdlib.h>

namespace flux {

/// Mixes so that consecutive sessions spread over shards and buckets (the finaliser of MurmurHash3).
template <typename Sync> uint64_t BasicSessionTable<Sync>::hash(int32_t index, int64_t session) {
  uint64_t h = static_cast<uint64_t>(session) + static_cast<uint64_t>(index) * 0x9e3779b97f4a7c15u;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
  return h ^ (h >> 33);
}

/// Doubles the buckets. Live entries are bounded by the contexts, so this ends; without memory, chains get longer.
template <typename Sync> void BasicSessionTable<Sync>::Shard::grow() {
  const uint64_t size = numBuckets * 2;
  auto **grown = static_cast<SessionEntry **>(calloc(size, sizeof(SessionEntry *)));
  if (!grown)
    return;
  SessionEntry **old = buckets ? buckets : first;
  for (uint64_t i = 0; i < numBuckets; ++i) {
    while (SessionEntry *entry = old[i]) {
      old[i] = entry->next;
      SessionEntry **to = &grown[(hash(entry->index, entry->session) >> kShardBits) & (size - 1)];
      entry->next = *to;
      *to = entry;
    }
  }
  free(static_cast<void *>(buckets));
  buckets = grown;
  numBuckets = size;
}

template <typename Sync>
SessionEntry *BasicSessionTable<Sync>::enter(Context &context, int32_t index, int64_t session) {
  SessionEntry *brought = context.spares;
  context.spares = brought->next;

  const uint64_t key = hash(index, session);
  Shard &home = shard(key);
  typename Sync::Guard guard(home.mutex);
  SessionEntry **bucket = home.bucket(key);
  for (SessionEntry *entry = *bucket; entry; entry = entry->next) {
    if (entry->session != session || entry->index != index)
      continue;
    brought->next = entry->spares;
    entry->spares = brought;
    ++entry->users;
    return entry;
  }
  brought->session = session;
  brought->index = index;
  brought->users = 1;
  brought->spares = nullptr;
  brought->next = *bucket;
  *bucket = brought;
  bump(home.live);
  if (home.live > home.numBuckets * 2)
    home.grow();
  return brought;
}

template <typename Sync> void BasicSessionTable<Sync>::leave(Context &context, SessionEntry *entry) {
  SessionEntry *taken;
  {
    const uint64_t key = hash(entry->index, entry->session);
    Shard &home = shard(key);
    typename Sync::Guard guard(home.mutex);
    if (--entry->users > 0) {
      taken = entry->spares;
      entry->spares = taken->next;
    } else {
      SessionEntry **link = home.bucket(key);
      while (*link != entry)
        link = &(*link)->next;
      *link = entry->next;
      bump(home.live, -1);
      taken = entry;
    }
  }
  taken->next = context.spares;
  context.spares = taken;
}

template <typename Sync> uint64_t BasicSessionTable<Sync>::live() {
  uint64_t sum = 0;
  for (Shard &shard : shards) {
    typename Sync::Guard guard(shard.mutex);
    sum += peek(shard.live); // which a loop may be changing
  }
  return sum;
}

template class BasicSessionTable<ThreadSync>;
template class BasicSessionTable<LoopSync>;

} // namespace flux
