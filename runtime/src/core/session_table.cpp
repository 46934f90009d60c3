#include "core/session_table.h"

#include "core/context.h"

#include <stdlib.h>

namespace flux {

/// Mixes so that consecutive sessions spread over shards and buckets (the finaliser of MurmurHash3).
uint64_t SessionTable::hash(int32_t index, int64_t session) {
  uint64_t h = static_cast<uint64_t>(session) + static_cast<uint64_t>(index) * 0x9e3779b97f4a7c15u;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
  return h ^ (h >> 33);
}

/// Doubles the buckets. Live entries are bounded by the contexts, so this ends; without memory, chains get longer.
void SessionTable::Shard::grow() {
  const uint64_t size = numBuckets * 2;
  auto **grown = static_cast<SessionLock **>(calloc(size, sizeof(SessionLock *)));
  if (!grown)
    return;
  SessionLock **old = buckets ? buckets : first;
  for (uint64_t i = 0; i < numBuckets; ++i) {
    while (SessionLock *entry = old[i]) {
      old[i] = entry->next;
      SessionLock **to = &grown[(hash(entry->index, entry->session) >> kShardBits) & (size - 1)];
      entry->next = *to;
      *to = entry;
    }
  }
  free(static_cast<void *>(buckets));
  buckets = grown;
  numBuckets = size;
}

SessionLock *SessionTable::enter(Context &context, int32_t index, int64_t session) {
  SessionLock *brought = context.spares;
  context.spares = brought->next;

  const uint64_t key = hash(index, session);
  Shard &home = shard(key);
  MutexLock guard(home.mutex);
  SessionLock **bucket = home.bucket(key);
  for (SessionLock *entry = *bucket; entry; entry = entry->next) {
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
  if (++home.live > home.numBuckets * 2)
    home.grow();
  return brought;
}

void SessionTable::leave(Context &context, SessionLock *entry) {
  SessionLock *taken;
  {
    const uint64_t key = hash(entry->index, entry->session);
    Shard &home = shard(key);
    MutexLock guard(home.mutex);
    if (--entry->users > 0) {
      taken = entry->spares;
      entry->spares = taken->next;
    } else {
      SessionLock **link = home.bucket(key);
      while (*link != entry)
        link = &(*link)->next;
      *link = entry->next;
      --home.live;
      taken = entry;
    }
  }
  taken->next = context.spares;
  context.spares = taken;
}

uint64_t SessionTable::live() {
  uint64_t sum = 0;
  for (Shard &shard : shards) {
    MutexLock guard(shard.mutex);
    sum += shard.live;
  }
  return sum;
}

} // namespace flux
